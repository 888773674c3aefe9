package io.medvol.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FloatCodecTest {
  private final ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

  private float half(int bits) {
    bytes.putShort(0, (short) bits);
    return FloatCodec.get(bytes, 0, DType.F16);
  }

  private int half(float value) {
    FloatCodec.put(bytes, 0, DType.F16, value);
    return bytes.getShort(0) & 0xFFFF;
  }

  /** The definition of IEEE 754's binary16. */
  private static double defined(int bits) {
    int exponent = bits >> 10 & 0x1F;
    double fraction = (bits & 0x3FF) / 1024.0;
    double size =
        exponent == 0 ? Math.scalb(fraction, -14) : Math.scalb(1 + fraction, exponent - 15);
    return (bits & 0x8000) == 0 ? size : -size;
  }

  @Test
  void everyFiniteHalfIsReadAndWrittenAsItIs() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      if ((bits >> 10 & 0x1F) < 0x1F) {
        assertThat((double) half(bits)).isEqualTo(defined(bits));
        assertThat(half(half(bits))).isEqualTo(bits);
      }
    }
    assertThat(half(0x7C00)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(half(0xFC00)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(half(0x7E01)).isNaN();
    assertThat(half(half(Float.NaN))).isNaN();
  }

  @Test
  void aValueBetweenTwoHalvesGoesToTheNearerAndAHalfWayOneToTheEven() {
    SplittableRandom random = new SplittableRandom(7);
    for (int bits = 0; bits < 0x7BFF; bits++) {
      double below = defined(bits);
      double above = defined(bits + 1);
      float middle = (float) ((below + above) / 2);
      assertThat(half(middle)).isEqualTo(bits % 2 == 0 ? bits : bits + 1);
      float other = (float) (below + random.nextDouble() * (above - below));
      if (other != middle) {
        assertThat(half(other)).isEqualTo(other < middle ? bits : bits + 1);
        assertThat(half(-other)).isEqualTo(0x8000 | (other < middle ? bits : bits + 1));
      }
    }
    assertThat(half(65519.99f)).isEqualTo(0x7BFF);
    assertThat(half(65520f)).isEqualTo(0x7C00);
  }

  @Test
  void theOtherTypesKeepWhatTheyCanHold() {
    for (DType type : new DType[] {DType.F64, DType.F32, DType.BF16}) {
      for (float value : new float[] {0, -1.5f, 0x1p-100f, 3.0e38f, Float.NaN}) {
        FloatCodec.put(bytes, 0, type, value);
        float exact = type == DType.BF16 && value == 3.0e38f ? 0x1.c4p127f : value;
        assertThat(FloatCodec.get(bytes, 0, type))
            .as(type + " " + value)
            .isEqualTo(Float.valueOf(exact));
      }
    }
    FloatCodec.put(bytes, 0, DType.BF16, 1 + 0x1p-8f);
    assertThat(FloatCodec.get(bytes, 0, DType.BF16)).isEqualTo(1);
    FloatCodec.put(bytes, 0, DType.BF16, 1 + 0x1p-8f + 0x1p-20f);
    assertThat(FloatCodec.get(bytes, 0, DType.BF16)).isEqualTo(1 + 0x1p-7f);
  }
}
