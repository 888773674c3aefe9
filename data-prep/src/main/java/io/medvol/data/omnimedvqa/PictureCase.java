package io.medvol.data.omnimedvqa;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * A picture and what is asked about it.
 *
 * @param id path of the picture below the folder
 * @param path of the file
 * @param rows in the order of the files
 */
public record PictureCase(String id, String path, List<QaRow> rows) implements Serializable {
  public PictureCase {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(path, "path");
    rows = List.copyOf(rows);
  }
}
