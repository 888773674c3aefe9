package io.medvol.model.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("parity")
class TorchCheckpointParityTest {
  @TestFactory
  Stream<DynamicTest> eachFileLoadsOrIsRefusedForItsReason() {
    Optional<Path> folder = Golden.find("checkpoints");
    org.junit.jupiter.api.Assumptions.assumeTrue(folder.isPresent(), "no checkpoints in this set");
    Path root = folder.orElseThrow();
    JsonNode expected = Golden.json(root.resolve("expected.json"));
    Iterable<Map.Entry<String, JsonNode>> files = () -> expected.get("files").fields();
    return StreamSupport.stream(files.spliterator(), false)
        .map(
            file ->
                dynamicTest(
                    file.getKey(),
                    () -> {
                      Path path = root.resolve(file.getKey());
                      if (file.getValue().get("error").isNull()) {
                        holdsTheTensors(path, root, expected.get("tensors"));
                      } else {
                        isRefused(path, file.getValue().get("error").asText());
                      }
                    }));
  }

  private static void isRefused(Path file, String kind) {
    assertThatThrownBy(() -> TorchCheckpoint.open(file).close())
        .isInstanceOfSatisfying(
            CheckpointException.class,
            e -> assertThat(e.kind().name().toLowerCase(Locale.ROOT)).isEqualTo(kind))
        .hasMessageContaining(file.getFileName().toString());
  }

  private static void holdsTheTensors(Path file, Path root, JsonNode described) {
    GoldenTensors golden = Golden.tensors(root.resolve("tensors.safetensors"));
    try (TorchRuntime runtime = TorchRuntime.open();
        TensorScope scope = runtime.storage();
        TorchCheckpoint checkpoint = TorchCheckpoint.open(file)) {
      Map<String, NDArray> loaded = CheckpointTensors.load(checkpoint, runtime, scope);
      assertThat(loaded.keySet()).containsExactlyInAnyOrderElementsOf(golden.names());
      loaded.forEach(
          (name, tensor) -> {
            DType type = checkpoint.tensors().get(name).type();
            assertThat(type).as(name).isEqualTo(type(described.get(name).get("dtype").asText()));
            assertThat(tensor.getShape().getShape()).as(name).isEqualTo(shape(described.get(name)));
            NDArray wide = type == DType.BF16 ? scope.ops().cast(tensor, DType.F32) : tensor;
            byte[] bytes = new byte[Math.toIntExact(wide.size() * bytesOf(type))];
            if (bytes.length > 0) {
              Tensors.bytes(wide).get(bytes);
            }
            assertThat(bytes).as(name).isEqualTo(golden.raw(name));
          });
    }
  }

  /** As described: the file of values knows no scalars. */
  private static long[] shape(JsonNode described) {
    return StreamSupport.stream(described.get("shape").spliterator(), false)
        .mapToLong(JsonNode::asLong)
        .toArray();
  }

  private static int bytesOf(DType type) {
    return type == DType.BF16 ? DType.F32.bytes() : type.bytes();
  }

  private static DType type(String torchName) {
    return switch (torchName) {
      case "float64" -> DType.F64;
      case "float32" -> DType.F32;
      case "float16" -> DType.F16;
      case "bfloat16" -> DType.BF16;
      case "int64" -> DType.I64;
      case "int32" -> DType.I32;
      case "int16" -> DType.I16;
      case "int8" -> DType.I8;
      case "uint8" -> DType.U8;
      default -> DType.BOOL;
    };
  }
}
