package io.medvol.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.tensor.DType;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  private static final String ENTRY = "{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";

  @TempDir Path folder;

  @Test
  void writesWhatAnIndependentReaderReads() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.write(file, bytesOf(sampleTensors()));
    GoldenTensors read = Golden.tensors(file);
    assertThat(read.names()).containsExactly("a", "b", "half");
    assertThat(read.floats("a")).containsExactly(3, 4);
    assertThat(read.shape("b")).containsExactly(2, 1);
    assertThat(read.floats("b")).containsExactly(1, 2);
  }

  @Test
  void readsWhatItWrites() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.write(file, bytesOf(sampleTensors()));
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      TensorEntry half = read.entries().get("half");
      assertThat(half.type()).isEqualTo(DType.BF16);
      assertThat(half.shape()).containsExactly(1L);
      ByteBuffer bytes = ByteBuffer.allocate(2);
      read.read(half, 0, bytes);
      assertThat(bytes.array()).containsExactly((byte) 0x80, (byte) 0x3f);
      ByteBuffer second = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      read.read(read.entries().get("a"), 4, second);
      assertThat(second.getFloat(0)).isEqualTo(4f);
    }
  }

  @Test
  void equalTensorsGiveEqualBytesInWhateverOrder() throws IOException {
    List<Tensor> tensors = sampleTensors();
    List<Tensor> turned = List.of(tensors.get(2), tensors.get(1), tensors.get(0));
    assertThat(bytesOf(turned)).isEqualTo(bytesOf(tensors));
    String header =
        new String(bytesOf(tensors), 8, bytesOf(tensors).length - 8, StandardCharsets.ISO_8859_1);
    assertThat(header).startsWith("{\"__metadata__\":{\"format\":\"pt\"},\"a\":");
  }

  @Test
  void checkpointReplacesTheTrainedTensorsOnly() throws IOException {
    Path base = folder.resolve("model.safetensors");
    Files.write(base, bytesOf(sampleTensors()));
    ParameterLayout layout =
        new ParameterLayout(List.of(new ParameterLayout.Parameter("b", List.of(2L, 1L), 0, 2)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (WeightFiles weights = WeightFiles.open(List.of(base))) {
      Checkpoints.write(weights, layout, new float[] {7, 8}, out);
    }
    Path written = folder.resolve("trained.safetensors");
    Files.write(written, out.toByteArray());
    GoldenTensors read = Golden.tensors(written);
    assertThat(read.floats("a")).containsExactly(3, 4);
    assertThat(read.floats("b")).containsExactly(7, 8);
    assertThat(Files.size(written)).isEqualTo(Files.size(base));
  }

  @Test
  void joinsShards() throws IOException {
    Path first = folder.resolve("model-00001-of-00002.safetensors");
    Path second = folder.resolve("model-00002-of-00002.safetensors");
    Files.write(first, bytesOf(sampleTensors().subList(0, 1)));
    Files.write(second, bytesOf(sampleTensors().subList(1, 3)));
    try (WeightFiles weights = WeightFiles.open(List.of(first, second))) {
      assertThat(weights.names()).containsExactly("a", "b", "half");
      assertThatThrownBy(() -> weights.require("c", List.of(2L)))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("lack the tensor c");
      assertThatThrownBy(() -> weights.require("a", List.of(3L)))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("has the shape [2], but config.json describes [3]");
    }
  }

  @Test
  void refusesATensorInTwoShards() throws IOException {
    Path first = folder.resolve("one.safetensors");
    Path second = folder.resolve("two.safetensors");
    Files.write(first, bytesOf(sampleTensors()));
    Files.write(second, bytesOf(sampleTensors()));
    assertThatThrownBy(() -> WeightFiles.open(List.of(first, second)))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("stands in both");
  }

  @Test
  void namesAMissingFile() {
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("absent.safetensors")))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("absent.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':" + ENTRY + "}",
        "{'a':{'dtype':'Q4','shape':[2],'data_offsets':[0,8]}}",
        "{'a':{'shape':[2],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[2]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}",
        "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,0]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,99999999999999999999]}}",
        "{'a':" + ENTRY + ",'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}",
        "{'a':7}"
      })
  void refusesALyingHeader(String header) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertMalformed(
        ByteBuffer.allocate(16 + json.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .array());
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, 17, 1L << 31, Long.MAX_VALUE, Long.MIN_VALUE})
  void refusesALyingHeaderLength(long length) throws IOException {
    assertMalformed(ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    byte[] whole = bytesOf(sampleTensors());
    for (int length = 0; length < whole.length; length++) {
      assertMalformed(Arrays.copyOf(whole, length));
    }
  }

  private void assertMalformed(byte[] bytes) throws IOException {
    Path file = folder.resolve("bad.safetensors");
    Files.write(file, bytes);
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_DATA))
        .hasMessageContaining("bad.safetensors is not a valid safetensors file");
  }

  private static List<Tensor> sampleTensors() {
    float[] values = {1, 2, 3, 4};
    return List.of(
        Tensor.floats("a", List.of(2L), values, 2),
        Tensor.floats("b", List.of(2L, 1L), values, 0),
        new Tensor(
            "half",
            DType.BF16,
            List.of(1L),
            out -> out.write(new byte[] {(byte) 0x80, (byte) 0x3f})));
  }

  private static byte[] bytesOf(List<Tensor> tensors) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(tensors, out);
    return out.toByteArray();
  }
}
