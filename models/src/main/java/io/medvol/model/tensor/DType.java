package io.medvol.model.tensor;

/**
 * Type of a tensor's elements. The names are those of safetensors; DJL has no bfloat16 and ends the
 * process when asked for it, so types are kept here.
 */
public enum DType {
  F64(7, 8),
  F32(6, 4),
  F16(5, 2),
  BF16(15, 2),
  I64(4, 8),
  I32(3, 4),
  I16(2, 2),
  I8(1, 1),
  U8(0, 1),
  BOOL(11, 1),
  U16(27, 2),
  U32(28, 4),
  U64(29, 8),
  C64(9, 8),
  F8_E5M2(23, 1),
  F8_E4M3(24, 1),
  F8_E8M0(44, 1);

  private final int torchCode;
  private final int bytes;

  DType(int torchCode, int bytes) {
    this.torchCode = torchCode;
    this.bytes = bytes;
  }

  /** Size of one element. */
  public int bytes() {
    return bytes;
  }

  int torchCode() {
    return torchCode;
  }

  static DType ofTorchCode(long code) {
    for (DType type : values()) {
      if (type.torchCode == code) {
        return type;
      }
    }
    throw new IllegalArgumentException("Unknown torch scalar type " + code);
  }
}
