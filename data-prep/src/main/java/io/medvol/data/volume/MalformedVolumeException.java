package io.medvol.data.volume;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.util.Objects;

/**
 * A scan or label file that cannot be read as a volume. The message is one sentence that begins
 * with the name of the file; the {@link Kind} lets a preparation count its rejects.
 */
public final class MalformedVolumeException extends MedVolException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with the file. */
  public enum Kind {
    /** It ends before what its header declares. */
    TRUNCATED,
    /** Its compression is damaged. */
    CORRUPT,
    /** It is not a file of this format. */
    FORMAT,
    /** Its header contradicts itself or declares what cannot be. */
    HEADER,
    /** It is valid, but of a kind that is not read. */
    UNSUPPORTED,
    /** Its voxels have no usable place in the patient. */
    AFFINE,
    /** Its voxels are no Hounsfield units or labels. */
    VALUES,
    /** It does not lie on the grid of the scan it belongs to. */
    MISMATCH
  }

  private final String file;
  private final Kind kind;

  public MalformedVolumeException(Kind kind, String file, String sentence) {
    this(kind, file, sentence, null);
  }

  public MalformedVolumeException(Kind kind, String file, String sentence, Throwable cause) {
    super(ErrorCode.MALFORMED_DATA, file + ": " + sentence, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.file = Objects.requireNonNull(file, "file");
  }

  public Kind kind() {
    return kind;
  }

  /** The name under which the file was opened. */
  public String file() {
    return file;
  }
}
