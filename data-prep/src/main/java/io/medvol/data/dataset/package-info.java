/**
 * Decides how a folder of scans becomes a prepared data set: which files form a case, what is asked
 * about it, and why a case is turned away. The layout is specified in {@code
 * docs/formats/dataset-folder.md}.
 */
package io.medvol.data.dataset;
