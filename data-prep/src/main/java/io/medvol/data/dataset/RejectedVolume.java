package io.medvol.data.dataset;

import io.medvol.data.error.ForeignText;
import io.medvol.data.volume.MalformedVolumeException;
import java.util.Objects;

/**
 * A case that could not be prepared.
 *
 * @param kind for counting
 * @param reason one sentence that names the file
 */
public record RejectedVolume(String caseId, Kind kind, String reason) implements PreparationResult {
  public RejectedVolume {
    Objects.requireNonNull(caseId, "caseId");
    Objects.requireNonNull(kind, "kind");
    reason = ForeignText.line(Objects.requireNonNull(reason, "reason"));
  }

  /** Why a case is turned away. */
  public enum Kind {
    /** There is an image without labels. */
    NO_LABELS,
    /** There are labels without an image. */
    NO_IMAGE,
    /** Two files have the name of the case. */
    AMBIGUOUS,
    /** A file cannot be opened or read. */
    UNREADABLE,
    /** A file ends before what its header declares. */
    TRUNCATED,
    /** The compression of a file is damaged. */
    CORRUPT,
    /** A file is no NIfTI volume. */
    FORMAT,
    /** A header contradicts itself or declares what cannot be. */
    HEADER,
    /** A file is valid, but of a kind or size that is not read. */
    UNSUPPORTED,
    /** The voxels have no usable place in the patient. */
    AFFINE,
    /** The voxels are no Hounsfield units or labels. */
    VALUES,
    /** Image and labels do not lie on the same grid. */
    MISMATCH,
    /** Label values have no name; the case is prepared, and they count as background. */
    UNDECLARED,
    /** A question cannot be asked: its answer is none of its options, or it is incomplete. */
    QUESTION;

    static Kind of(MalformedVolumeException.Kind kind) {
      return switch (kind) {
        case TRUNCATED -> TRUNCATED;
        case CORRUPT -> CORRUPT;
        case FORMAT -> FORMAT;
        case HEADER -> HEADER;
        case UNSUPPORTED -> UNSUPPORTED;
        case AFFINE -> AFFINE;
        case VALUES -> VALUES;
        case MISMATCH -> MISMATCH;
      };
    }
  }
}
