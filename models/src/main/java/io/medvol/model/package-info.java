/** Opens the networks that the rest of the platform uses. */
package io.medvol.model;
