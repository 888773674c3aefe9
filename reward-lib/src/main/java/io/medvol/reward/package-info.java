/** What a completion earns: values with statuses, their weighted sum, the configuration. */
package io.medvol.reward;
