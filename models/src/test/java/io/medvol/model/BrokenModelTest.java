package io.medvol.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.tensor.DType;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import io.medvol.model.weights.TensorEntry;
import io.medvol.model.weights.WeightFiles;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of the hub of which one thing is wrong. */
class BrokenModelTest {
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path root;
  private List<Tensor> tensors;

  @BeforeEach
  void copy() throws IOException {
    Path model = Golden.models("qwen3_vl").get(0);
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, root.resolve(file.getFileName()));
      }
    }
    tensors = new ArrayList<>();
    try (WeightFiles weights = WeightFiles.open(List.of(root.resolve(WEIGHTS)))) {
      for (String name : weights.names()) {
        TensorEntry entry = weights.entry(name);
        byte[] bytes = new byte[Math.toIntExact(entry.bytes())];
        weights.read(name, 0, ByteBuffer.wrap(bytes));
        tensors.add(new Tensor(name, entry.type(), entry.shape(), out -> out.write(bytes)));
      }
    }
  }

  @Test
  void theWholeModelLoads() throws IOException {
    write(WEIGHTS, tensors);
    Policies.load(root, TrainableParameters.ALL).close();
  }

  @Test
  void aMissingTensorIsNamed() throws IOException {
    Tensor missing = tensors.remove(tensors.size() / 2);
    write(WEIGHTS, tensors);
    assertRefused(ErrorCode.INVALID_INPUT, "lack the tensor " + missing.name());
  }

  @Test
  void aTensorThatTheConfigurationDoesNotDescribeIsNamed() throws IOException {
    tensors.add(zeros("model.language_model.layers.99.self_attn.q_proj.weight", 4, 4));
    write(WEIGHTS, tensors);
    assertRefused(
        ErrorCode.INVALID_INPUT, "1 tensors", "layers.99.self_attn.q_proj.weight", WEIGHTS);
  }

  @Test
  void whatOlderLibrariesWroteBesideTheWeightsIsLeftAlone() throws IOException {
    tensors.add(zeros("model.language_model.layers.0.self_attn.rotary_emb.inv_freq", 1, 4));
    write(WEIGHTS, tensors);
    Policies.load(root, TrainableParameters.ALL).close();
  }

  @Test
  void aTensorOfAnotherShapeIsNamedWithBothShapes() throws IOException {
    Tensor replaced = tensors.remove(0);
    tensors.add(zeros(replaced.name(), 3, 5));
    write(WEIGHTS, tensors);
    assertRefused(
        ErrorCode.INVALID_INPUT, replaced.name(), "[3, 5]", "describes " + replaced.shape());
  }

  @Test
  void aTensorOfWholeNumbersIsRefused() throws IOException {
    Tensor replaced = tensors.remove(0);
    long size = replaced.shape().stream().reduce(1L, (a, b) -> a * b);
    tensors.add(
        new Tensor(
            replaced.name(),
            DType.I32,
            replaced.shape(),
            out -> out.write(new byte[Math.toIntExact(4 * size)])));
    write(WEIGHTS, tensors);
    assertRefused(ErrorCode.INVALID_INPUT, replaced.name(), "has the type I32");
  }

  @Test
  void aCutShardIsNamed() throws IOException {
    shard();
    Path second = root.resolve("b.safetensors");
    byte[] bytes = Files.readAllBytes(second);
    Files.write(second, java.util.Arrays.copyOf(bytes, bytes.length - 7));
    assertRefused(ErrorCode.MALFORMED_DATA, "b.safetensors", "it may be cut off");
  }

  @Test
  void shardsThatTheIndexNamesMakeOneModel() throws IOException {
    shard();
    Policies.load(root, TrainableParameters.ALL).close();
  }

  @Test
  void anAbsentShardIsNamed() throws IOException {
    shard();
    Files.delete(root.resolve("b.safetensors"));
    assertRefused(ErrorCode.INVALID_INPUT, "b.safetensors", INDEX);
  }

  @Test
  void aTensorInTwoShardsIsNamed() throws IOException {
    shard();
    write("b.safetensors", tensors);
    assertRefused(ErrorCode.MALFORMED_DATA, tensors.get(0).name(), "stands in both");
  }

  @Test
  void anIndexThatLeadsOutOfTheDirectoryIsRefused() throws IOException {
    shard();
    for (String name :
        List.of(
            "../b.safetensors",
            "/etc/b.safetensors",
            "..\\b.safetensors",
            "b\u0000.safetensors",
            "b.bin")) {
      writeIndex(Map.of("a", name));
      assertRefused(ErrorCode.INVALID_INPUT, INDEX + " lists the shard \"" + name);
    }
  }

  @Test
  void aSizeBeyond64BitsIsRefusedAndNotCut() throws IOException {
    ObjectNode config = (ObjectNode) Golden.json(root.resolve("config.json"));
    ((ObjectNode) config.get("text_config"))
        .put("hidden_size", new java.math.BigInteger("18446744073709551680"));
    Files.writeString(root.resolve("config.json"), config.toString());
    assertRefused(ErrorCode.INVALID_INPUT, "hidden_size is 18446744073709551680");
  }

  private void shard() throws IOException {
    Files.delete(root.resolve(WEIGHTS));
    int half = tensors.size() / 2;
    write("a.safetensors", tensors.subList(0, half));
    write("b.safetensors", tensors.subList(half, tensors.size()));
    writeIndex(
        Map.of(tensors.get(0).name(), "a.safetensors", tensors.get(half).name(), "b.safetensors"));
  }

  private void writeIndex(Map<String, String> places) throws IOException {
    ObjectNode index = JSON.createObjectNode();
    ObjectNode map = index.putObject("weight_map");
    places.forEach(map::put);
    Files.writeString(root.resolve(INDEX), index.toString());
  }

  private void write(String name, List<Tensor> content) throws IOException {
    try (OutputStream out = Files.newOutputStream(root.resolve(name))) {
      SafetensorsWriter.write(content, out);
    }
  }

  private static Tensor zeros(String name, long rows, long columns) {
    float[] values = new float[Math.toIntExact(rows * columns)];
    return Tensor.floats(name, List.of(rows, columns), values, 0);
  }

  private void assertRefused(ErrorCode code, String... parts) {
    assertThatThrownBy(() -> Policies.load(root, TrainableParameters.ALL).close())
        .isInstanceOfSatisfying(MedVolException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(parts);
  }
}
