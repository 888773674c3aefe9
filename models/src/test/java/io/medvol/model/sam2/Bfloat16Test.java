package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.model.policy.Precision;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.reward.metric.Overlap;
import io.medvol.testing.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Masks of the shipped network in bfloat16, also where the processor has to emulate it. */
@Tag("numeric")
class Bfloat16Test {
  private static final Path BUNDLE =
      Golden.projectRoot().resolve("models/src/main/resources/io/medvol/model/sam2/bundle");
  private static final GridSize SIZE = new GridSize(6, 96, 96);
  private static final double LEAST_DICE = 0.995;

  private static TorchRuntime runtime;
  private static List<BinaryMask> expected;

  @BeforeAll
  static void compute() {
    runtime = TorchRuntime.open();
    expected = masks(Sam2Numbers.FLOAT32);
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  private static Sam2Model model(Sam2Numbers numbers) {
    Sam2Config config = Sam2ConfigReader.read(BUNDLE.resolve(SegmenterBundle.CONFIG));
    return Sam2Model.load(config, BUNDLE.resolve(SegmenterBundle.WEIGHTS), numbers, runtime);
  }

  /** Two ellipses that shrink from slice to slice, brighter than a body of some texture. */
  private static byte[] grey(int slice) {
    byte[] grey = new byte[SIZE.pixelsPerSlice()];
    for (int i = 0; i < grey.length; i++) {
      int row = i / SIZE.columns();
      int column = i % SIZE.columns();
      double shrunk = 1 - 0.06 * Math.abs(slice - 2);
      double first = Math.hypot((row - 40) / (20 * shrunk), (column - 32) / (16 * shrunk));
      double second = Math.hypot((row - 60) / (10 * shrunk), (column - 70) / (12 * shrunk));
      double body = Math.hypot((row - 48) / 44.0, (column - 48) / 46.0);
      int value = first < 1 ? 160 : second < 1 ? 145 : body < 1 ? 105 : 0;
      grey[i] = (byte) Math.max(0, Math.min(255, value + i * 37 % 19 - 9));
    }
    return grey;
  }

  private static List<BinaryMask> masks(Sam2Numbers numbers) {
    try (Sam2Model model = model(numbers);
        Sam2Propagation propagation =
            new Sam2Propagation(
                model, new GreySlices(SIZE, Bfloat16Test::grey), Sam2Options.MEDSAM2)) {
      return propagation.propagate(
          List.of(
              whole(SlicePrompt.box(2, 16, 20, 47, 59)),
              whole(SlicePrompt.box(3, 58, 50, 81, 69))));
    }
  }

  private static TrackRequest whole(SlicePrompt prompt) {
    return new TrackRequest(List.of(prompt), 0, SIZE.slices() - 1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Sam2Numbers.class,
      names = {"BFLOAT16", "ROUNDED"})
  void masksAreThoseOfFloat32(Sam2Numbers numbers) {
    List<BinaryMask> found = masks(numbers);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(expected.get(i).count()).isGreaterThan(1000);
      assertThat(Overlap.of(expected.get(i), found.get(i)).dice())
          .as("Dice of mask %d", i)
          .isGreaterThanOrEqualTo(LEAST_DICE);
    }
  }

  @Test
  void layersComputeInBfloat16AndWhatMustBeExactDoesNot() {
    try (Sam2Model model = model(Sam2Numbers.BFLOAT16);
        TensorScope scope = runtime.storage()) {
      assertThat(
              scope
                  .ops()
                  .typeOf(model.weights().get("image_encoder.trunk.blocks.0.mlp.layers.0.weight")))
          .isEqualTo(DType.BF16);
      assertThat(scope.ops().typeOf(model.weights().get("maskmem_tpos_enc"))).isEqualTo(DType.F32);
      assertThat(SliceView.bytes(model.config(), model.type()) * 2)
          .isEqualTo(SliceView.bytes(model.config(), DType.F32));
    }
  }

  @Test
  void bfloat16IsComputedInWhereTheProcessorHasIt() {
    try (TensorScope scope = runtime.storage()) {
      Sam2Numbers numbers = Sam2Numbers.of(Precision.BF16, scope.ops());
      assertThat(numbers == Sam2Numbers.BFLOAT16).isEqualTo(scope.ops().multipliesBfloat16());
      assertThat(Sam2Numbers.of(Precision.FP32, scope.ops())).isEqualTo(Sam2Numbers.FLOAT32);
    }
  }
}
