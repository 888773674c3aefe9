/**
 * Decides what a synthetic abdomen looks like and what is asked about it: enough anatomy for left
 * and right, order and contrast to be readable, nothing of any patient.
 */
package io.medvol.data.phantom;
