/** Decides how files are read, written and committed, whatever file system holds them. */
package io.medvol.data.storage;
