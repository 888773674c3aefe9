package io.medvol.model.sam2.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.sam2.Sam2Config;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numeric")
class SegmenterTeacherTest {
  private static final int SIDE = 32;
  private static final LossWeights WEIGHTS = new LossWeights(0.5, 1, 1);

  /** The true overlap is a staircase, whose jumps no derivative knows. */
  private static final LossWeights SMOOTH = new LossWeights(0.5, 0, 1);

  private static final Sam2Config TINY =
      new Sam2Config(
          SIDE,
          new Sam2Config.Trunk(
              8, 1, List.of(1, 1, 1, 1), List.of(8, 4, 2, 1), List.of(2), List.of(2, 2)),
          new Sam2Config.Neck(32, List.of(2, 3)),
          new Sam2Config.MemoryAttention(1, 32, 10000),
          new Sam2Config.MemoryEncoder(16, 1, 3),
          new Sam2Config.Tracking(7, 20, -10, 16));

  private SegmenterWeights weights;
  private SegmenterTeacher teacher;
  private float[] parameters;

  @BeforeEach
  void open() {
    weights = SegmenterWeights.initial(TINY, 3);
    teacher = new SegmenterTeacher(TINY, weights);
    parameters = weights.parameters();
  }

  @AfterEach
  void close() {
    teacher.close();
  }

  /** A bright square that moves and leaves on the last slice where there are several. */
  private static Clip square(int at, int slices, double weight) {
    List<Clip.Slice> shown = new ArrayList<>();
    for (int slice = 0; slice < slices; slice++) {
      boolean visible = slices == 1 || slice < slices - 1;
      float[] grey = new float[SIDE * SIDE];
      float[] target = new float[SIDE * SIDE / 4];
      for (int i = 0; i < grey.length; i++) {
        int row = i / SIDE;
        int column = i % SIDE;
        boolean inside =
            visible
                && row >= at
                && row < at + 12
                && column >= at + slice
                && column < at + slice + 10;
        grey[i] = inside ? 0.8f : 0.3f;
        if (inside) {
          target[row / 2 * (SIDE / 2) + column / 2] += 0.25f;
        }
      }
      shown.add(new Clip.Slice(grey, target, visible));
    }
    return new Clip(shown, new float[] {at, at, at + 9, at + 11}, 12, weight);
  }

  private static List<Clip> batch() {
    return List.of(square(4, 3, 0.5), square(12, 3, 0.5), square(8, 1, 0.5), square(16, 1, 0.5));
  }

  private static List<Clip> stills() {
    return List.of(square(4, 1, 0.5), square(16, 1, 0.5));
  }

  /**
   * Largest deviation of a derivative along a direction from the difference of losses, relative.
   */
  private double deviation(List<Clip> clips, String part, float step) {
    float[] gradient = new float[parameters.length];
    teacher.accumulate(parameters, clips, SMOOTH, gradient);
    double squares = 0;
    float[] direction = new float[parameters.length];
    for (ParameterLayout.Parameter one : weights.layout().parameters()) {
      for (int i = one.offset();
          one.name().startsWith(part) && i < one.offset() + one.length();
          i++) {
        direction[i] = gradient[i];
        squares += (double) gradient[i] * gradient[i];
      }
    }
    double norm = Math.sqrt(squares);
    assertThat(norm).as("gradient of " + part).isGreaterThan(0);
    double difference = loss(clips, direction, step / norm) - loss(clips, direction, -step / norm);
    return Math.abs(difference / (2 * step) / norm - 1);
  }

  private double loss(List<Clip> clips, float[] direction, double factor) {
    float[] moved = parameters.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (factor * direction[i]);
    }
    return teacher.evaluate(moved, clips, SMOOTH).loss();
  }

  @Test
  void gradientsOfPromptedSlicesAreTheDifferencesOfTheLoss() {
    for (String part :
        List.of(
            "image_encoder.trunk",
            "image_encoder.neck",
            "sam_prompt_encoder.point_embeddings.2",
            "sam_mask_decoder.transformer",
            "sam_mask_decoder.output",
            "sam_mask_decoder.pred_obj_score_head",
            "no_mem_embed")) {
      assertThat(deviation(stills(), part, 4e-3f)).as(part).isLessThan(0.03);
    }
  }

  @Test
  void gradientsReachTheMemoryFromTheSlicesAfterIt() {
    // What is remembered is rounded to bfloat16, so that differences of the loss are rough.
    for (String part :
        List.of("memory_attention", "memory_encoder", "obj_ptr_proj", "maskmem_tpos_enc")) {
      assertThat(deviation(batch(), part, 2e-2f)).as(part).isLessThan(0.2);
    }
  }

  @Test
  void stepsAlongTheGradientLowerTheLossOfAFixedBatch() {
    double before = teacher.evaluate(parameters, batch(), WEIGHTS).loss();
    for (int step = 0; step < 12; step++) {
      float[] gradient = new float[parameters.length];
      teacher.accumulate(parameters, batch(), WEIGHTS, gradient);
      double squares = 0;
      for (float value : gradient) {
        squares += (double) value * value;
      }
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] -= (float) (0.1 / Math.sqrt(squares) * gradient[i]);
      }
    }
    assertThat(teacher.evaluate(parameters, batch(), WEIGHTS).loss()).isLessThan(0.9 * before);
  }

  @Test
  void theSumOfPartsIsTheWhole() {
    float[] whole = new float[parameters.length];
    LossReport together = teacher.accumulate(parameters, batch(), WEIGHTS, whole);
    float[] sum = new float[parameters.length];
    LossReport first =
        teacher.accumulate(parameters, List.of(batch().get(0), batch().get(2)), WEIGHTS, sum);
    LossReport second =
        teacher.accumulate(parameters, List.of(batch().get(1), batch().get(3)), WEIGHTS, sum);

    assertThat(first.plus(second).loss()).isCloseTo(together.loss(), within(1e-4));
    float largest = 0;
    for (int i = 0; i < sum.length; i++) {
      largest = Math.max(largest, Math.abs(sum[i] - whole[i]));
    }
    assertThat(largest).isLessThan(2e-3f);
  }

  @Test
  void equalWorkGivesEqualBits() {
    float[] first = new float[parameters.length];
    float[] second = new float[parameters.length];
    teacher.accumulate(parameters, batch(), WEIGHTS, first);
    teacher.accumulate(parameters, batch(), WEIGHTS, second);

    assertThat(second).isEqualTo(first);
  }

  @Test
  void whatBoxesNeverUseIsNotTrained() {
    assertThat(weights.layout().parameters())
        .extracting(ParameterLayout.Parameter::name)
        .contains("sam_prompt_encoder.point_embeddings.2.weight")
        .doesNotContain(
            "sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix",
            "sam_prompt_encoder.point_embeddings.0.weight",
            "mask_downsample.weight");
  }

  @Test
  void clipsOfDifferentLengthsAreRefused() {
    List<Clip> mixed = List.of(square(4, 3, 1), square(4, 2, 1));
    assertThatThrownBy(() -> teacher.evaluate(parameters, mixed, WEIGHTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("equally many");
  }
}
