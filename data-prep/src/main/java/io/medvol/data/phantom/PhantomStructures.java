package io.medvol.data.phantom;

import java.util.Arrays;
import java.util.List;

/** What can be segmented in a phantom. */
public final class PhantomStructures {
  /**
   * @param title name, such as {@code left kidney}
   * @param labels values in the label map that make it up; an organ includes what grows in it
   */
  public record Structure(String title, List<Integer> labels) {
    public Structure {
      labels = List.copyOf(labels);
    }
  }

  private PhantomStructures() {}

  /** The organs questions are asked about; every phantom has all of them. */
  public static List<Structure> organs() {
    return Arrays.stream(PhantomAnatomy.Organ.values())
        .map(organ -> new Structure(organ.title, PhantomAnatomy.labels(organ)))
        .toList();
  }

  /** Tumours and cysts, of which a phantom has one or none. */
  public static Structure lesion() {
    return new Structure(
        "lesion",
        PhantomAnatomy.LESION_HOSTS.stream()
            .flatMap(
                host ->
                    Arrays.stream(PhantomAnatomy.LesionKind.values())
                        .map(kind -> PhantomAnatomy.lesionLabel(host, kind)))
            .distinct()
            .toList());
  }
}
