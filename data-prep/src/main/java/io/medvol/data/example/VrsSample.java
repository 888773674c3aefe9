package io.medvol.data.example;

import io.medvol.data.volume.PixelBox;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * One volumetric reasoning segmentation task: a question about a prepared volume, and the evidence
 * and mask that answer it.
 *
 * @param id unique in its data set, stable between preparations: keys the random streams
 * @param volumeId pseudonym of the scan; also the shard of it in the manifest
 * @param question what the policy reads, free text
 * @param target name of the structure, for reports; the policy never sees it
 * @param labels label values whose union is the target mask
 * @param boxRule how boxes are drawn around the target
 * @param shownSlices canonical indices of the slices shown to the policy, ascending
 * @param keySlice shown slice of the ground-truth anchor; empty when the target is absent
 * @param keyBoxes ground-truth boxes on the key slice; empty when the target is absent
 */
public record VrsSample(
    String id,
    String volumeId,
    String question,
    String target,
    List<Integer> labels,
    BoxRule boxRule,
    List<Integer> shownSlices,
    Integer keySlice,
    List<PixelBox> keyBoxes)
    implements Sample {
  public VrsSample {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(volumeId, "volumeId");
    Objects.requireNonNull(question, "question");
    labels = List.copyOf(labels);
    shownSlices = List.copyOf(shownSlices);
    keyBoxes = List.copyOf(keyBoxes);
  }

  @Override
  public String sourceId() {
    return volumeId;
  }

  /** The key slice, empty when the target is absent from the volume. */
  public OptionalInt key() {
    return keySlice == null ? OptionalInt.empty() : OptionalInt.of(keySlice);
  }
}
