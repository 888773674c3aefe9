package io.medvol.model.sam2;

import java.io.Serializable;
import java.util.List;

/**
 * An object to be followed from the slices it is prompted on: forward from the first of them, and
 * anew backward.
 *
 * @param prompts one or more, on different slices
 * @param firstSlice first slice wanted, inclusive
 * @param lastSlice last slice wanted, inclusive
 */
public record TrackRequest(List<SlicePrompt> prompts, int firstSlice, int lastSlice)
    implements Serializable {
  public TrackRequest {
    prompts = List.copyOf(prompts);
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("A track needs a prompt");
    }
    for (SlicePrompt prompt : prompts) {
      if (prompt.slice() < firstSlice || prompt.slice() > lastSlice) {
        throw new IllegalArgumentException(
            "Prompted slice "
                + prompt.slice()
                + " lies outside the wanted slices "
                + firstSlice
                + ".."
                + lastSlice);
      }
    }
    if (prompts.stream().map(SlicePrompt::slice).distinct().count() < prompts.size()) {
      throw new IllegalArgumentException("A track takes one prompt for a slice");
    }
  }

  int firstPrompted() {
    return prompts.stream().mapToInt(SlicePrompt::slice).min().orElseThrow();
  }
}
