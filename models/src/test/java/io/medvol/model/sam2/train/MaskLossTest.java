package io.medvol.model.sam2.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numeric")
class MaskLossTest {
  private static final double LN3 = Math.log(3);
  private static TorchRuntime runtime;

  @BeforeAll
  static void open() {
    runtime = TorchRuntime.open();
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  /** Focal, dice, balanced cross-entropy and true overlap of one mask of two by two pixels. */
  private static double[] parts(float[] logits, float[] target) {
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      List<NDArray> parts =
          scope
              .ops()
              .callForList(
                  "sam_mask_losses",
                  scope.floats(logits, 1, 1, 2, 2),
                  scope.floats(target, 1, 1, 2, 2));
      return parts.stream().mapToDouble(part -> Tensors.floats(part)[0]).toArray();
    }
  }

  @Test
  void lossesOfAMaskAreThoseOfTheirFormulas() {
    // Probabilities 3/4 on the object's pixel and 1/4, 1/4, 3/4 elsewhere.
    float a = (float) LN3;
    double[] parts = parts(new float[] {a, -a, -a, a}, new float[] {1, 0, 0, 0});

    double sure = -Math.log(0.75);
    double wrong = -Math.log(0.25);
    double focal = (0.25 * sure / 16 + 2 * 0.75 * sure / 16 + 0.75 * wrong * 9 / 16) / 4;
    assertThat(parts[0]).isCloseTo(focal, within(1e-6));
    assertThat(parts[1]).isCloseTo(1 - (2 * 0.75 + 1) / (2 + 1 + 1), within(1e-6));
    assertThat(parts[2]).isCloseTo(sure + (2 * sure + wrong) / 3, within(1e-6));
    assertThat(parts[3]).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void anEmptySliceHasNoObjectToAverageOver() {
    double[] parts = parts(new float[] {0, 0, 0, 0}, new float[4]);

    assertThat(parts[2]).isCloseTo(Math.log(2), within(1e-6));
    assertThat(parts[3]).isZero();
  }

  @Test
  void smallLogitsAreComparedAtTheTargetsResolution() {
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      float[] target = new float[16];
      Arrays.fill(target, 0, 8, 1);
      List<NDArray> parts =
          scope
              .ops()
              .callForList(
                  "sam_mask_losses",
                  scope.floats(new float[] {9, 9, -9, -9}, 1, 1, 2, 2),
                  scope.floats(target, 1, 1, 4, 4));
      assertThat(Tensors.floats(parts.get(3))[0]).isEqualTo(1);
    }
  }

  /** The loss of one slice with three equal masks whose losses are known from above. */
  private static float[] frame(float visible, float[] ious, float score, double presence) {
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      List<NDArray> loss =
          scope
              .ops()
              .callForList(
                  "sam_frame_loss",
                  scope.floats(new float[12], 1, 3, 2, 2),
                  scope.floats(ious, 1, 3),
                  scope.floats(new float[] {score}, 1, 1),
                  scope.floats(new float[] {visible, 0, 0, 0}, 1, 1, 2, 2),
                  scope.floats(new float[] {visible}, 1),
                  scope.floats(new float[] {2}, 1),
                  0.5,
                  1.0,
                  presence);
      return Tensors.floats(loss.get(0));
    }
  }

  @Test
  void aFramesLossIsTheWeightedSumOfItsParts() {
    // Logits of 0: cross-entropy ln 2 everywhere, probabilities 1/2, nothing above the threshold.
    double ln2 = Math.log(2);
    double focal = (0.25 + 3 * 0.75) / 4 * ln2 / 4;
    double dice = 1 - (2 * 0.5 + 1) / (2 + 1 + 1);
    double mask = 20 * focal + dice + 0.5 * 2 * ln2;
    double overlap = (0.5 + 0.25 + 0) / 3;

    assertThat(frame(1, new float[] {0.5f, 0.25f, 0}, 0, 3)[0])
        .isCloseTo((float) (2 * (mask + overlap + 3 * ln2)), within(1e-4f));
  }

  @Test
  void onAnEmptySliceOnlyCallingItEmptyCounts() {
    double ln2 = Math.log(2);
    double mask = 20 * 0.75 * ln2 / 4 + 0.5 * ln2;

    assertThat(frame(0, new float[] {0.5f, 0.25f, 0}, (float) LN3, 1)[0])
        .isCloseTo((float) (2 * (mask + Math.log(4))), within(1e-4f));
  }
}
