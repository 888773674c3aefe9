package io.medvol.reward.localisation;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.PixelBox;
import io.medvol.data.volume.VolumeGeometry;
import io.medvol.reward.metric.BoxIou;
import io.medvol.reward.metric.LesionDetection;
import io.medvol.reward.metric.Overlap;
import io.medvol.reward.metric.SurfaceDistances;
import io.medvol.reward.metric.VoxelSpacing;
import io.medvol.reward.propagation.EdgeBox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation measures of one answer, by name. An unparsable answer has 0 wherever more is
 * better, as if it had found nothing; a distance to nothing is left out.
 */
public final class AnswerMeasures {
  /** Tolerance of the surface Dice. */
  public static final double TOLERANCE_MM = 2;

  /** No lesion is larger, and an organ's components say nothing. */
  private static final int MOST_LESION_VOXELS = 2_000_000;

  private AnswerMeasures() {}

  /**
   * @param answer the scored completion
   * @param found the mask of its evidence in the whole volume; empty if it has none
   * @param truth what it is compared with
   * @param geometry of the volume, for distances
   */
  public static Map<String, Double> of(
      LocalisationScore answer, BinaryMask found, GroundTruth truth, VolumeGeometry geometry) {
    Map<String, Double> measures = new LinkedHashMap<>();
    boolean readable = answer.status() != AnswerStatus.UNPARSABLE;
    boolean abstained = answer.status() == AnswerStatus.ABSTAINED;
    if (!truth.present()) {
      measures.put("absent_accuracy", abstained ? 1.0 : 0);
    } else {
      measures.put("false_abstention", abstained ? 1.0 : 0);
      place(measures, answer, truth);
    }
    Overlap overlap = Overlap.of(found, truth.target());
    VoxelSpacing spacing = VoxelSpacing.of(geometry);
    measures.put("iou", readable ? overlap.iou() : 0);
    SurfaceDistances surfaces = SurfaceDistances.between(found, truth.target(), spacing);
    double hausdorff95 = surfaces.hausdorff95();
    measures.put("nsd", readable ? surfaces.surfaceDice(TOLERANCE_MM) : 0);
    put(measures, "hd95_mm", hausdorff95);
    double errorVoxels = Math.abs(overlap.first() - overlap.second());
    measures.put("volume_error_ml", errorVoxels * spacing.millilitres());
    if (truth.present()) {
      measures.put("volume_error", errorVoxels / overlap.second());
    }
    if (Math.max(overlap.first(), overlap.second()) <= MOST_LESION_VOXELS) {
      LesionDetection lesions =
          LesionDetection.of(found, truth.target(), LesionDetection.SAME_LESION_IOU);
      measures.put("lesion_precision", readable ? lesions.precision() : 0);
      measures.put("lesion_recall", readable ? lesions.recall() : 0);
      measures.put("lesion_f1", readable ? lesions.f1() : 0);
      measures.put("false_positives_per_scan", (double) lesions.falsePositives());
    }
    return measures;
  }

  private static void place(
      Map<String, Double> measures, LocalisationScore answer, GroundTruth truth) {
    boolean targetThere = false;
    boolean keySlice = false;
    double boxes = 0;
    if (answer.evidence() != null) {
      int slice = answer.evidence().slice();
      targetThere = truth.area(slice) > 0;
      keySlice =
          truth.sample().isPresent()
              && truth.sample().get().key().isPresent()
              && truth.sample().get().key().getAsInt() == slice;
      boxes = boxIou(answer.evidence().boxes(), truth.boxes(slice));
    }
    measures.put("slice_hit", targetThere ? 1.0 : 0);
    measures.put("key_slice_hit", keySlice ? 1.0 : 0);
    measures.put("box_iou", boxes);
  }

  private static double boxIou(List<EdgeBox> found, List<PixelBox> expert) {
    List<EdgeBox> edges = expert.stream().map(BoxCoordinates::toEdges).toList();
    int most = Math.max(1, Math.max(found.size(), edges.size()));
    return BoxMatching.score(found, edges, BoxIou::of, most);
  }

  private static void put(Map<String, Double> measures, String name, double value) {
    if (Double.isFinite(value)) {
      measures.put(name, value);
    }
  }
}
