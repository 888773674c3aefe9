/**
 * The command line: options, progress on a terminal, and how a failure is said and turned into an
 * exit status. The only package that prints.
 */
package io.medvol.spark.cli;
