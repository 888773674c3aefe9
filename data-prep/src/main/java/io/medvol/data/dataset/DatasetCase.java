package io.medvol.data.dataset;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * One scan of a folder with its labels and what is asked about it.
 *
 * @param id name of the files without their ending; may identify a patient, so it stays with the
 *     person who prepares
 * @param imagePath NIfTI file of HU values
 * @param labelPath NIfTI file of label values on the same grid
 */
public record DatasetCase(
    String id, String imagePath, String labelPath, List<StructureQuery> queries)
    implements Serializable {
  public DatasetCase {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(imagePath, "imagePath");
    Objects.requireNonNull(labelPath, "labelPath");
    queries = List.copyOf(queries);
  }
}
