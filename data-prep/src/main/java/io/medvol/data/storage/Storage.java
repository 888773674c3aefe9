package io.medvol.data.storage;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where bytes live: a local disk, HDFS or an object store. Paths are absolute URIs or local paths,
 * joined with {@code /}. Implementations are thread-safe.
 *
 * <p>What a user can put right comes as {@link MedVolException}: a file that is absent or may not
 * be read as INVALID_INPUT, a place that cannot be written or is full as RESOURCE. Any other
 * failure is the {@link IOException} of the system below.
 */
public interface Storage {
  InputStream open(String path) throws IOException;

  /** Random access for reading; the caller closes it. */
  SeekableByteChannel openChannel(String path) throws IOException;

  /** A new or replaced file, visible once closed; parents are made. */
  OutputStream create(String path) throws IOException;

  /**
   * Writes a small file so that it appears whole or not at all, replacing what was there: the
   * commit point of manifests.
   */
  void commit(String path, byte[] content) throws IOException;

  /**
   * Writes a small file unless there is one. Of any number of callers at the same time, one gets
   * {@code true}.
   *
   * @return whether this call wrote it
   */
  boolean commitNew(String path, byte[] content) throws IOException;

  boolean exists(String path) throws IOException;

  /**
   * Names (not paths) of the files and folders directly below a folder, sorted; empty if absent.
   */
  List<String> list(String folder) throws IOException;

  /** Removes a file or a folder with everything in it; nothing happens if it is absent. */
  void delete(String path) throws IOException;

  long length(String path) throws IOException;

  /** Names and lengths in bytes of the files directly below a folder; empty if absent. */
  Map<String, Long> lengths(String folder) throws IOException;

  /**
   * What changes whenever a file is replaced or written to, without a look at its content: length
   * and time of modification, and the file's identity where the storage has one.
   */
  String version(String path) throws IOException;

  /**
   * Removes what writers that were killed left unfinished below a folder. Nobody may write there at
   * the same time.
   *
   * @param owned a folder below that holds a file or folder of one of these names is somebody
   *     else's, and is passed over
   */
  void deleteUnfinished(String folder, Set<String> owned) throws IOException;

  /**
   * A whole file of at most {@code limit} bytes.
   *
   * @throws MedVolException (MALFORMED_DATA) if it is longer
   */
  default byte[] readAll(String path, int limit) throws IOException {
    try (InputStream in = open(path)) {
      byte[] content = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new MedVolException(
            ErrorCode.MALFORMED_DATA,
            "File " + path + " is longer than the " + limit + " bytes it may have.");
      }
      return content;
    }
  }

  /** A path below a folder. */
  static String join(String folder, String name) {
    return folder.endsWith("/") ? folder + name : folder + "/" + name;
  }
}
