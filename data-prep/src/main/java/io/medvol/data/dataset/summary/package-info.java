/**
 * What a person is told after a preparation: structures and their samples, rejected cases and
 * warnings, on the console and as a table for a spreadsheet.
 */
package io.medvol.data.dataset.summary;
