/**
 * What is measured rather than tested: a package for each subject, run by {@code bench/run}.
 *
 * <p>A figure is a ratio against a peer in one run, with its settings; the commands and the figures
 * are in {@code bench/README.md}.
 */
package io.medvol.bench;
