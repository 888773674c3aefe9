package io.medvol.data.dataset.summary;

import java.util.ArrayList;
import java.util.List;

/**
 * How often a structure is asked for in a data set.
 *
 * @param target name of the structure, or the modality of pictures
 * @param samples questions about it
 * @param cases that give such a question
 * @param absent cases that were to be asked and do not hold it
 * @param unshown cases that hold it on none of the shown slices
 */
public record StructureCount(String target, int samples, int cases, int absent, int unshown) {
  StructureCount plus(StructureCount other) {
    return new StructureCount(
        target,
        samples + other.samples,
        cases + other.cases,
        absent + other.absent,
        unshown + other.unshown);
  }

  /** One line for a person. */
  String line() {
    List<String> parts = new ArrayList<>();
    parts.add(
        samples == 0
            ? "no sample"
            : Counted.of(samples, "sample") + " of " + Counted.of(cases, "case"));
    if (absent > 0) {
      parts.add("absent from " + absent);
    }
    if (unshown > 0) {
      parts.add("on none of the shown slices of " + unshown);
    }
    return "  " + target + ": " + String.join(", ", parts);
  }
}
