package io.medvol.data.nifti;

import io.medvol.data.volume.MalformedVolumeException;
import io.medvol.data.volume.MalformedVolumeException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteOrder;
import java.util.zip.ZipException;

/**
 * Reads single-file NIfTI-1 and NIfTI-2 volumes, plain or gzipped: which of them is told by the
 * content, never by the name. Memory grows with the bytes that arrive, not with those the header
 * declares. Stateless and thread-safe.
 *
 * @see <a href="https://nifti.nimh.nih.gov/nifti-1">NIfTI-1</a>
 * @see <a href="https://nifti.nimh.nih.gov/nifti-2">NIfTI-2</a>
 */
public final class NiftiReader {
  /** Bytes after the last voxel that are read, to reach and check the end of a gzip stream. */
  private static final long MAX_TRAILING_BYTES = 64L << 20;

  private final long maxVoxelBytes;

  /** A reader that gives a volume at most a third of the heap, leaving room to convert it. */
  public NiftiReader() {
    this(Runtime.getRuntime().maxMemory() / 3);
  }

  /**
   * @param maxVoxelBytes bytes of voxels above which a file is refused before they are read
   */
  public NiftiReader(long maxVoxelBytes) {
    this.maxVoxelBytes = maxVoxelBytes;
  }

  /**
   * Reads a whole volume and, where it is gzipped, checks the stream to its end.
   *
   * @param name of the file, for messages
   * @param in its bytes; left open
   * @throws MalformedVolumeException if the bytes are no volume that can be read
   * @throws IOException if the stream itself fails
   */
  public NiftiImage read(String name, InputStream in) throws IOException {
    PushbackInputStream sniffed = new PushbackInputStream(in, 2);
    byte[] mark = sniffed.readNBytes(2);
    sniffed.unread(mark);
    if (mark.length == 2 && mark[0] == 0x1f && (mark[1] & 0xff) == 0x8b) {
      return readGzip(name, sniffed);
    }
    return readPlain(name, sniffed);
  }

  private NiftiImage readGzip(String name, InputStream in) throws IOException {
    try (GunzipStream content = new GunzipStream(in)) {
      NiftiImage image = readPlain(name, content);
      drain(name, content);
      return image;
    } catch (EOFException e) {
      throw new MalformedVolumeException(Kind.TRUNCATED, name, "its gzip stream ends early", e);
    } catch (ZipException e) {
      throw new MalformedVolumeException(Kind.CORRUPT, name, e.getMessage(), e);
    }
  }

  private NiftiImage readPlain(String name, InputStream in) throws IOException {
    byte[] start = in.readNBytes(Integer.BYTES);
    if (start.length < Integer.BYTES) {
      throw endsInHeader(name, start.length);
    }
    byte[] bytes = new byte[NiftiHeaderParser.headerBytes(name, start)];
    System.arraycopy(start, 0, bytes, 0, start.length);
    int rest = in.readNBytes(bytes, start.length, bytes.length - start.length);
    if (start.length + rest < bytes.length) {
      throw endsInHeader(name, start.length + rest);
    }
    NiftiHeader header = NiftiHeaderParser.parse(name, bytes);
    long voxelBytes = (long) header.geometry().size().voxels() * header.type().bytes();
    if (voxelBytes > maxVoxelBytes) {
      throw new MalformedVolumeException(
          Kind.UNSUPPORTED,
          name,
          "it declares "
              + voxelBytes
              + " bytes of voxels and at most "
              + maxVoxelBytes
              + " are read; give the process more heap if the scan is really that large");
    }
    skip(name, in, header.voxelOffset() - bytes.length);
    return new NiftiImage(name, header, voxels(name, in, header, voxelBytes));
  }

  private static VoxelBytes voxels(String name, InputStream in, NiftiHeader header, long bytes)
      throws IOException {
    VoxelBytes.Read read =
        VoxelBytes.read(
            in, bytes, header.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    if (read.bytes() < bytes) {
      throw new MalformedVolumeException(
          Kind.TRUNCATED,
          name,
          "it ends after " + read.bytes() + " of " + bytes + " bytes of voxels");
    }
    return read.voxels();
  }

  private static void skip(String name, InputStream in, long bytes) throws IOException {
    byte[] buffer = new byte[(int) Math.min(bytes, 1 << 16)];
    long left = bytes;
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new MalformedVolumeException(
            Kind.TRUNCATED, name, "it ends " + left + " bytes before its first voxel");
      }
      left -= count;
    }
  }

  private static void drain(String name, InputStream in) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long drained = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      drained += count;
      if (drained > MAX_TRAILING_BYTES) {
        throw new MalformedVolumeException(
            Kind.CORRUPT,
            name,
            "more than " + MAX_TRAILING_BYTES + " bytes follow the last voxel its header declares");
      }
    }
  }

  private static MalformedVolumeException endsInHeader(String name, int bytes) {
    return new MalformedVolumeException(
        Kind.TRUNCATED, name, "it ends inside its header, after " + bytes + " bytes");
  }
}
