/** The run directory: whose it is at the moment, and how it ends. */
package io.medvol.grpo.run;
