package io.medvol.data.dataset;

import io.medvol.data.volume.VolumeGeometry;
import java.io.Serializable;
import java.util.List;

/**
 * What was seen in a scan while it was prepared, for the person who prepares.
 *
 * @param sliceSpacing distance of slices in millimetres
 * @param rowSpacing height of a pixel in millimetres
 * @param columnSpacing width of a pixel in millimetres
 * @param presentLabels label values that occur, ascending, without the background
 * @param absentTargets structures asked for that the volume does not hold
 * @param unshownTargets structures asked for that lie on none of the shown slices; they give no
 *     sample
 */
public record ScanFindings(
    double sliceSpacing,
    double rowSpacing,
    double columnSpacing,
    List<Integer> presentLabels,
    List<String> absentTargets,
    List<String> unshownTargets,
    List<CaseWarning> warnings)
    implements Serializable {
  public ScanFindings {
    presentLabels = List.copyOf(presentLabels);
    absentTargets = List.copyOf(absentTargets);
    unshownTargets = List.copyOf(unshownTargets);
    warnings = List.copyOf(warnings);
  }

  /**
   * @param geometry in canonical axes
   */
  static ScanFindings of(
      VolumeGeometry geometry,
      List<Integer> presentLabels,
      List<String> absentTargets,
      List<String> unshownTargets,
      List<CaseWarning> warnings) {
    return new ScanFindings(
        geometry.affine().spacing(2),
        geometry.affine().spacing(1),
        geometry.affine().spacing(0),
        presentLabels,
        absentTargets,
        unshownTargets,
        warnings);
  }
}
