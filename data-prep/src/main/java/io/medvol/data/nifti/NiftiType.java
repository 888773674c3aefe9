package io.medvol.data.nifti;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The voxel types that are read; codes and widths are those of {@code nifti1.h}. */
public enum NiftiType {
  UINT8(2, 1),
  INT16(4, 2),
  INT32(8, 4),
  FLOAT32(16, 4),
  FLOAT64(64, 8),
  INT8(256, 1),
  UINT16(512, 2),
  UINT32(768, 4),
  INT64(1024, 8),
  UINT64(1280, 8);

  private final int code;
  private final int bytes;

  NiftiType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  public int code() {
    return code;
  }

  /** Bytes of one voxel. */
  public int bytes() {
    return bytes;
  }

  static Optional<NiftiType> ofCode(int code) {
    for (NiftiType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Decodes {@code count} values from the position of the buffer on, in its byte order. */
  void decode(ByteBuffer from, double[] into, int offset, int count) {
    int end = offset + count;
    switch (this) {
      case UINT8 -> {
        for (int i = offset; i < end; i++) {
          into[i] = from.get() & 0xff;
        }
      }
      case INT8 -> {
        for (int i = offset; i < end; i++) {
          into[i] = from.get();
        }
      }
      case INT16 -> {
        for (int i = offset; i < end; i++) {
          into[i] = from.getShort();
        }
      }
      case UINT16 -> {
        for (int i = offset; i < end; i++) {
          into[i] = from.getShort() & 0xffff;
        }
      }
      case INT32 -> {
        for (int i = offset; i < end; i++) {
          into[i] = from.getInt();
        }
      }
      case UINT32 -> {
        for (int i = offset; i < end; i++) {
          into[i] = from.getInt() & 0xffffffffL;
        }
      }
      case INT64 -> {
        for (int i = offset; i < end; i++) {
          into[i] = from.getLong();
        }
      }
      case UINT64 -> {
        for (int i = offset; i < end; i++) {
          into[i] = unsigned(from.getLong());
        }
      }
      case FLOAT32 -> {
        for (int i = offset; i < end; i++) {
          into[i] = from.getFloat();
        }
      }
      case FLOAT64 -> {
        for (int i = offset; i < end; i++) {
          into[i] = from.getDouble();
        }
      }
    }
  }

  private static double unsigned(long value) {
    // Halve, keeping the lost bit sticky so that the conversion rounds as if it had all 64.
    return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
  }
}
