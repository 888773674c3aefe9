/** The loops. They read like the papers; everything they call is a value or a port. */
package io.medvol.grpo.train;
