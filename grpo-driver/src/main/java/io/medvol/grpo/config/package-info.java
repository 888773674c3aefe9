/** What a user may set for a run; key names and defaults are TRL's where TRL has them. */
package io.medvol.grpo.config;
