package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.testing.Golden;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Averaging memories before they are projected is the same attention. */
@Tag("numeric")
class MemoryAttentionTest {
  private static final Path FOLDER = Golden.projectRoot().resolve("testdata/tiny-sam2");
  private static final int TRACKS = 2;
  private static final int MEMORIES = 3;
  private static final int POINTER_TOKENS = 8;

  private static NDArray random(TensorScope scope, long seed, long... shape) {
    long size = 1;
    for (long length : shape) {
      size *= length;
    }
    Random random = new Random(seed);
    float[] values = new float[(int) size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.floats(values, shape);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 1000})
  void blocksOfAnySizeGiveWhatTheWholeGives(int rows) {
    try (TorchRuntime runtime = TorchRuntime.open();
        Sam2Model model =
            Sam2Model.load(GoldenSam2.config(FOLDER), FOLDER.resolve("model.pt"), runtime);
        TensorScope scope = runtime.compute(GradientMode.NONE)) {
      Sam2Config config = model.config();
      long places = (long) config.grid() * config.grid();
      long tokens = MEMORIES * places + POINTER_TOKENS;
      int width = config.memoryEncoder().width();
      MemoryAttention.Memory memory =
          new MemoryAttention.Memory(
              random(scope, 1, TRACKS, tokens, width),
              random(scope, 2, 1, tokens, width),
              POINTER_TOKENS);
      NDArray slices = random(scope, 3, TRACKS, places, config.width());
      MemoryAttention attention = model.memoryAttention();
      float[] expected = Tensors.floats(attention.attend(slices, memory, scope.ops()));
      NDArray scores = scope.ops().empty(DType.F32, rows * tokens + 5);
      NDArray begun = attention.begin(slices, scope.ops());
      float[] actual = Tensors.floats(attention.recallWithin(scores, begun, memory, scope.ops()));
      GoldenSam2.assertClose("output", actual, expected, GoldenSam2.STAGE_LIMIT);
    }
  }

  @Test
  void whatHasBegunDependsOnTheSliceAlone() {
    try (TorchRuntime runtime = TorchRuntime.open();
        Sam2Model model =
            Sam2Model.load(GoldenSam2.config(FOLDER), FOLDER.resolve("model.pt"), runtime);
        TensorScope scope = runtime.compute(GradientMode.NONE)) {
      long places = (long) model.config().grid() * model.config().grid();
      NDArray slices = random(scope, 3, 2, places, model.config().width());
      NDArray both = model.memoryAttention().begin(slices, scope.ops());
      NDArray second =
          model.memoryAttention().begin(scope.ops().narrow(slices, 0, 1, 1), scope.ops());
      float[] together = Tensors.floats(scope.ops().contiguous(scope.ops().narrow(both, 0, 1, 1)));
      float[] alone = Tensors.floats(second);
      assertThat(alone).hasSameSizeAs(together);
      GoldenSam2.assertClose("begun", alone, together, GoldenSam2.STAGE_LIMIT);
    }
  }
}
