/** Decides what a person sees of a run: one HTML file that needs nothing else. */
package io.medvol.spark.report;
