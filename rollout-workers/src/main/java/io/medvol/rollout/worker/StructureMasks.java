package io.medvol.rollout.worker;

import io.medvol.data.volume.MaskRuns;
import io.medvol.reward.metric.HierarchicalClass;
import io.medvol.reward.metric.VoxelSpacing;
import io.medvol.rollout.task.Verdict;
import java.io.Serializable;
import java.util.Objects;

/**
 * The masks of one structure of KiTS23 in one volume, kept until those of the others are there.
 *
 * @param structure what is segmented
 * @param found from the answer
 * @param expert what it should be
 * @param spacing of the voxels
 */
public record StructureMasks(
    HierarchicalClass.Structure structure, MaskRuns found, MaskRuns expert, VoxelSpacing spacing)
    implements Serializable {
  public StructureMasks {
    Objects.requireNonNull(structure, "structure");
    Objects.requireNonNull(found, "found");
    Objects.requireNonNull(expert, "expert");
    Objects.requireNonNull(spacing, "spacing");
  }

  static StructureMasks of(HierarchicalClass.Structure structure, Verdict.Masks masks) {
    return new StructureMasks(
        structure, MaskRuns.of(masks.found()), MaskRuns.of(masks.expert()), masks.spacing());
  }
}
