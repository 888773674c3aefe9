package io.medvol.data.nifti;

import io.medvol.data.volume.VolumeGeometry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** NIfTI files made by hand, to be bent. */
final class NiftiBytes {
  private NiftiBytes() {}

  /** An uncompressed 16-bit file. */
  static byte[] int16(VolumeGeometry geometry, short... values) {
    return gunzip(gzipped(geometry, values));
  }

  static byte[] gzipped(VolumeGeometry geometry, short... values) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      NiftiWriter.writeInt16(out, geometry, values);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An uncompressed file of another voxel type, its voxels given as little-endian bytes. */
  static byte[] of(VolumeGeometry geometry, NiftiType type, ByteBuffer voxels) {
    byte[] header = int16(geometry, new short[geometry.size().voxels()]);
    ByteBuffer file = ByteBuffer.allocate(352 + voxels.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    file.put(header, 0, 352).put(voxels.array());
    file.putShort(70, (short) type.code()).putShort(72, (short) (8 * type.bytes()));
    return file.array();
  }

  static byte[] withShort(byte[] file, int offset, int value) {
    byte[] patched = file.clone();
    little(patched).putShort(offset, (short) value);
    return patched;
  }

  static byte[] withFloat(byte[] file, int offset, double value) {
    byte[] patched = file.clone();
    little(patched).putFloat(offset, (float) value);
    return patched;
  }

  static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] gunzip(byte[] bytes) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static NiftiImage read(byte[] file) {
    try {
      return new NiftiReader().read("scan.nii", new ByteArrayInputStream(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
