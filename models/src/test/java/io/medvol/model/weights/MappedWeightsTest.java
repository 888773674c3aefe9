package io.medvol.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedWeightsTest {
  private static final float[] VALUES = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  private static final long ANY = 1;

  @TempDir Path folder;
  private Path file;
  private TorchRuntime runtime;
  private TensorScope scope;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("model.safetensors");
    write(file, VALUES);
    runtime = TorchRuntime.open();
    scope = runtime.storage();
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  private static void write(Path file, float[] values) throws IOException {
    byte[] half = {(byte) 0x80, 0x3f, 0, 0x40, 0x40, 0x40};
    try (OutputStream out = Files.newOutputStream(file)) {
      SafetensorsWriter.write(
          List.of(
              Tensor.floats("grid", List.of(2L, 3L), values, 0),
              Tensor.floats("row", List.of(3L), values, 6),
              new Tensor("half", DType.BF16, List.of(3L), sink -> sink.write(half))),
          out);
    }
  }

  private NDArray view(MappedWeights mapped, String name, DType type) {
    return mapped.view(name, type).orElseThrow();
  }

  @Test
  void viewsHoldWhatTheFileHoldsAndOutliveIt() throws IOException {
    NDArray grid;
    NDArray row;
    NDArray half;
    try (WeightFiles files = WeightFiles.open(List.of(file));
        MappedWeights mapped = new MappedWeights(files, scope, ANY)) {
      grid = view(mapped, "grid", DType.F32);
      row = view(mapped, "row", DType.F32);
      half = view(mapped, "half", DType.BF16);
    }
    Files.delete(file);
    assertThat(grid.getShape().getShape()).containsExactly(2, 3);
    assertThat(Tensors.floats(grid)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(Tensors.floats(row)).containsExactly(7, 8, 9);
    try (TensorScope step = runtime.compute(GradientMode.NONE)) {
      assertThat(Tensors.floats(step.ops().cast(half, DType.F32))).containsExactly(1, 2, 3);
      NDArray turned = step.ops().contiguous(step.ops().permute(grid, 1, 0));
      assertThat(Tensors.floats(turned)).containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void onlyTheViewsStayOnceItIsClosed() {
    int before = runtime.liveTensors();
    try (WeightFiles files = WeightFiles.open(List.of(file))) {
      MappedWeights mapped = new MappedWeights(files, scope, ANY);
      NDArray grid = view(mapped, "grid", DType.F32);
      view(mapped, "row", DType.F32);
      assertThat(runtime.liveTensors()).as("the file, mapped once").isEqualTo(before + 3);
      mapped.close();
      assertThat(runtime.liveTensors()).isEqualTo(before + 2);
      assertThat(Tensors.floats(grid)).startsWith(1);
    }
    scope.close();
    assertThat(runtime.liveTensors()).isEqualTo(before);
  }

  @Test
  void writingToAViewLeavesTheFileAndOtherViewsAlone() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try (WeightFiles files = WeightFiles.open(List.of(file));
        MappedWeights first = new MappedWeights(files, scope, ANY);
        MappedWeights second = new MappedWeights(files, scope, ANY)) {
      NDArray written = view(first, "row", DType.F32);
      NDArray other = view(second, "row", DType.F32);
      try (TensorScope step = runtime.compute(GradientMode.NONE)) {
        step.ops().copyInto(written, step.floats(new float[] {-1, -2, -3}, 3));
      }
      assertThat(Tensors.floats(written)).containsExactly(-1, -2, -3);
      assertThat(Tensors.floats(other)).containsExactly(7, 8, 9);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  void smallTensorsAndThoseOfAnotherTypeAreLeftToBeCopied() {
    try (WeightFiles files = WeightFiles.open(List.of(file));
        MappedWeights mapped = new MappedWeights(files, scope, 24)) {
      assertThat(mapped.view("grid", DType.F32)).isPresent();
      assertThat(mapped.view("row", DType.F32)).as("12 bytes").isEmpty();
      assertThat(mapped.view("grid", DType.BF16)).isEmpty();
    }
  }

  /** A header of a length that is no multiple of the type's. */
  @Test
  void tensorsThatAreNotAlignedAreLeftToBeCopied() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    byte[] moved = new byte[bytes.length + 1];
    System.arraycopy(bytes, 1, moved, 1, 7);
    moved[0] = (byte) (bytes[0] + 1);
    int header = bytes[0] & 0xff | (bytes[1] & 0xff) << 8;
    System.arraycopy(bytes, 8, moved, 8, header);
    moved[8 + header] = ' ';
    System.arraycopy(bytes, 8 + header, moved, 9 + header, bytes.length - 8 - header);
    assertThat(moved[0]).isNotZero();
    Files.write(file, moved);
    try (WeightFiles files = WeightFiles.open(List.of(file));
        MappedWeights mapped = new MappedWeights(files, scope, ANY)) {
      assertThat(mapped.view("grid", DType.F32)).isEmpty();
    }
  }

  @Test
  void aFileThatWasReplacedIsRefused() throws IOException {
    Path other = folder.resolve("other.safetensors");
    write(
        other,
        IntStream.range(0, 9).collect(() -> new float[9], (a, i) -> a[i] = -i, (a, b) -> {}));
    try (WeightFiles files = WeightFiles.open(List.of(file));
        MappedWeights mapped = new MappedWeights(files, scope, ANY)) {
      FileTime modified = Files.getLastModifiedTime(file);
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      Files.setLastModifiedTime(file, modified);
      assertRefused(mapped, "was replaced or changed while it was read");
    }
  }

  @Test
  void aFileThatWasCutIsRefused() throws IOException {
    try (WeightFiles files = WeightFiles.open(List.of(file));
        MappedWeights mapped = new MappedWeights(files, scope, ANY)) {
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 8));
      assertRefused(mapped, "it had " + bytes.length + " bytes");
    }
  }

  @Test
  void aFileThatWentAwayIsRefused() throws IOException {
    try (WeightFiles files = WeightFiles.open(List.of(file));
        MappedWeights mapped = new MappedWeights(files, scope, ANY)) {
      Files.delete(file);
      assertRefused(mapped, "went away while it was read");
    }
  }

  private void assertRefused(MappedWeights mapped, String message) {
    assertThatThrownBy(() -> mapped.view("grid", DType.F32))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContainingAll(file.toString(), message);
  }
}
