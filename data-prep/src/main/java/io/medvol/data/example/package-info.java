/** What a sample is: a question about a volume, the slices shown for it and its ground truth. */
package io.medvol.data.example;
