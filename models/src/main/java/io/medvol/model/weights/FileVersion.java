package io.medvol.model.weights;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * A file as it was at some time. Two are equal if the path leads to one file that nobody wrote to
 * in between, as far as its length and time of change tell.
 *
 * @param file what the file system knows it by; null where it has no such thing
 */
public record FileVersion(Path path, Object file, long bytes, FileTime modified) {
  /** The file as it is now. */
  static FileVersion of(Path path) throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileVersion(path, now.fileKey(), now.size(), now.lastModifiedTime());
  }

  /**
   * Holds that the file is still the same.
   *
   * @throws MedVolException INVALID_INPUT if it was replaced, changed or cut
   */
  void requireUnchanged() {
    FileVersion now;
    try {
      now = of(path);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, path + " went away while it was read: " + e.getMessage(), e);
    }
    if (!equals(now)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          path
              + " was replaced or changed while it was read: it had "
              + bytes
              + " bytes of "
              + modified
              + " and has "
              + now.bytes
              + " of "
              + now.modified
              + "; load the model again once nobody writes to it");
    }
  }
}
