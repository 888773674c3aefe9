package io.medvol.data.phantom;

import io.medvol.data.dataset.StructureQuery;
import io.medvol.data.example.BoxRule;
import io.medvol.data.phantom.PhantomAnatomy.LesionKind;
import io.medvol.data.phantom.PhantomAnatomy.Organ;
import io.medvol.data.phantom.PhantomLayout.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is asked about phantoms: by name, by function, and by relation. A relation is asked of a
 * case only where it is true and no other structure fits it.
 */
final class PhantomQuestions {
  /** Slices by which one kidney must be higher to be called so. */
  private static final double HIGHER_BY = 1;

  /** How many times larger one kidney must be to be called so. */
  private static final double LARGER_BY = 1.3;

  private PhantomQuestions() {}

  /** True of every phantom; the layout is checked for it. */
  static List<StructureQuery> general() {
    List<StructureQuery> queries = new ArrayList<>();
    queries.add(
        query(
            Organ.LIVER,
            "Segment the liver.",
            "Find the organ that makes bile.",
            "Find the largest organ of the abdomen."));
    queries.add(
        query(
            Organ.SPLEEN,
            "Segment the spleen.",
            "Find the organ that filters old red cells out of the blood."));
    queries.add(
        query(
            Organ.RIGHT_KIDNEY,
            "Segment the right kidney.",
            "Find the organ on the patient's right that makes urine.",
            "Find the kidney on the side of the liver."));
    queries.add(
        query(
            Organ.LEFT_KIDNEY,
            "Segment the left kidney.",
            "Find the organ on the patient's left that makes urine.",
            "Find the kidney on the side of the spleen."));
    queries.add(
        query(
            Organ.BLADDER,
            "Segment the urinary bladder.",
            "Find the organ that stores urine.",
            "Find the organ that lies below both kidneys."));
    queries.add(lesions(LesionKind.DARK_TUMOUR, "Segment the tumour."));
    queries.add(
        lesions(LesionKind.CYST, "Segment the cyst.", "Find the pocket of fluid in an organ."));
    return queries;
  }

  /** True of one phantom, and only of the structure that is its answer. */
  static List<StructureQuery> ofCase(PhantomLayout layout, Optional<Lesion> lesion) {
    List<StructureQuery> queries = new ArrayList<>();
    lesion.ifPresent(found -> aboutLesion(found, queries));
    Extent right = layout.extent(Organ.RIGHT_KIDNEY);
    Extent left = layout.extent(Organ.LEFT_KIDNEY);
    double higher = left.slice() - right.slice();
    if (Math.abs(higher) >= HIGHER_BY) {
      queries.add(
          query(
              higher > 0 ? Organ.RIGHT_KIDNEY : Organ.LEFT_KIDNEY,
              "Find the kidney that lies higher than the other."));
    }
    if (Math.max(right.voxels(), left.voxels())
        >= LARGER_BY * Math.min(right.voxels(), left.voxels())) {
      queries.add(
          query(
              right.voxels() > left.voxels() ? Organ.RIGHT_KIDNEY : Organ.LEFT_KIDNEY,
              "Find the larger of the two kidneys."));
    }
    leftOfLiver(layout)
        .ifPresent(
            organ ->
                queries.add(
                    query(
                        organ, "Find the organ left of the liver, at the height of its centre.")));
    return queries;
  }

  private static void aboutLesion(Lesion lesion, List<StructureQuery> queries) {
    String kind = lesion.kind().title;
    if (lesion.host() == Organ.LIVER) {
      return;
    }
    Organ other = lesion.host() == Organ.RIGHT_KIDNEY ? Organ.LEFT_KIDNEY : Organ.RIGHT_KIDNEY;
    queries.add(query(lesion.host(), "Find the kidney that holds a " + kind + "."));
    queries.add(query(other, "Find the kidney without a " + kind + "."));
  }

  /** The one organ that lies left of the liver on its middle slice, if there is just one. */
  private static Optional<Organ> leftOfLiver(PhantomLayout layout) {
    Extent liver = layout.extent(Organ.LIVER);
    List<Organ> beside =
        layout.organsOn((int) Math.rint(liver.slice())).stream()
            .filter(organ -> organ != Organ.LIVER)
            .filter(organ -> layout.extent(organ).column() > liver.column())
            .toList();
    return beside.size() == 1 ? Optional.of(beside.get(0)) : Optional.empty();
  }

  private static StructureQuery query(Organ organ, String... questions) {
    return new StructureQuery(
        organ.title, PhantomAnatomy.labels(organ), new BoxRule.Single(), List.of(questions));
  }

  private static StructureQuery lesions(LesionKind kind, String... questions) {
    List<Integer> labels =
        PhantomAnatomy.LESION_HOSTS.stream()
            .map(host -> PhantomAnatomy.lesionLabel(host, kind))
            .toList();
    return new StructureQuery(kind.title, labels, new BoxRule.Single(), List.of(questions));
  }
}
