package io.medvol.data.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class GunzipStreamTest {
  private static final byte[] TEXT =
      "slices head to feet, rows front to back".repeat(50).getBytes(StandardCharsets.UTF_8);

  @Test
  void joinsMembersEvenEmptyOnes() throws IOException {
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (byte[] part : new byte[][] {TEXT, {}, {1, 2, 3}, {}}) {
      members.writeBytes(NiftiBytes.gzip(part));
    }
    byte[] expected = Arrays.copyOf(TEXT, TEXT.length + 3);
    expected[TEXT.length] = 1;
    expected[TEXT.length + 1] = 2;
    expected[TEXT.length + 2] = 3;
    assertThat(gunzip(members.toByteArray())).isEqualTo(expected);
  }

  @Test
  void reportsAnEarlyEndAtEveryByte() {
    byte[] whole = NiftiBytes.gzip(TEXT);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> gunzip(cut))
          .as("cut after %s bytes", length)
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("ends early");
    }
  }

  @Test
  void reportsDamageInHeaderChecksumAndLength() {
    byte[] whole = NiftiBytes.gzip(TEXT);
    int[] places = {0, 1, 2, whole.length - 8, whole.length - 1};
    for (int place : places) {
      byte[] damaged = whole.clone();
      damaged[place] ^= 0x55;
      assertThatThrownBy(() -> gunzip(damaged))
          .as("byte %s", place)
          .isInstanceOf(ZipException.class)
          .hasMessageContaining("gzip");
    }
  }

  private static byte[] gunzip(byte[] bytes) throws IOException {
    try (GunzipStream in = new GunzipStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }
}
