package io.medvol.data.dataset;

import io.medvol.data.dataset.RejectedVolume.Kind;
import java.io.Serializable;
import java.util.Objects;

/**
 * Something doubtful about a case that was prepared all the same.
 *
 * @param kind for counting
 * @param reason one sentence that names the file
 */
public record CaseWarning(Kind kind, String reason) implements Serializable {
  public CaseWarning {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(reason, "reason");
  }
}
