package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Forward computations against the reference implementation's. */
@Tag("parity")
@Tag("numeric")
class QwenParityTest {
  private static final float ANGLE_TOLERANCE = 1e-5f;
  private static final float VISION_TOLERANCE = 3e-5f;
  private static final float LOGIT_TOLERANCE = 2e-4f;

  private static List<GoldenModel> models;

  @BeforeAll
  static void open() {
    models = GoldenModel.folders().stream().map(GoldenModel::open).toList();
  }

  @AfterAll
  static void close() {
    models.forEach(GoldenModel::close);
  }

  @TestFactory
  Stream<DynamicTest> bothNotationsOfTheConfigurationSayTheSame() {
    return each(
        "configuration",
        model ->
            Stream.of(
                DynamicTest.dynamicTest(
                    "config.transformers5.json",
                    () ->
                        assertThat(
                                QwenConfigReader.read(
                                    Golden.json(
                                        model.folder().resolve("config.transformers5.json")),
                                    "config.transformers5.json"))
                            .isEqualTo(model.config()))));
  }

  @TestFactory
  Stream<DynamicTest> positions() {
    return each(
        "04_positions",
        model -> {
          GoldenTensors golden = model.tensors("04_positions");
          Stream<DynamicTest> ids =
              GoldenModel.caseNames(golden, "position_ids")
                  .map(name -> DynamicTest.dynamicTest(name, () -> positions(model, golden, name)));
          Stream<DynamicTest> angles =
              GoldenModel.caseNames(golden, "cos")
                  .map(
                      name -> DynamicTest.dynamicTest(name + " angles", () -> angles(model, name)));
          return Stream.concat(ids, angles);
        });
  }

  private static void positions(GoldenModel model, GoldenTensors golden, String name) {
    long[] shape = golden.shape(name + ".input_ids");
    int[] ids = golden.ints(name + ".input_ids");
    int[] mask = golden.ints(name + ".attention_mask");
    int[] expected = golden.ints(name + ".position_ids");
    int[] deltas = golden.ints(name + ".rope_deltas");
    int batch = (int) shape[0];
    int length = (int) shape[1];
    for (int row = 0; row < batch; row++) {
      boolean[] real = new boolean[length];
      for (int i = 0; i < length; i++) {
        real[i] = mask[row * length + i] != 0;
      }
      int[] rowIds = Arrays.copyOfRange(ids, row * length, (row + 1) * length);
      int[] rowMask = Arrays.copyOfRange(mask, row * length, (row + 1) * length);
      RopePositions positions =
          RopePositions.of(
              rowIds,
              real,
              model.prompt(GoldenModel.unpadded(rowIds, rowMask)).grids(),
              model.config());
      assertThat(positions.delta()).isEqualTo(deltas[row]);
      for (int axis = 0; axis < RopePositions.AXES; axis++) {
        for (int i = 0; i < length; i++) {
          assertThat(positions.at(axis, i))
              .as("axis %d, row %d, token %d", axis, row, i)
              .isEqualTo(expected[(axis * batch + row) * length + i]);
        }
      }
    }
  }

  private static void angles(GoldenModel model, String name) {
    GoldenTensors golden = model.tensors("04_positions");
    EncodedPrompt prompt = model.prompt(golden.ints(name + ".input_ids"));
    RopePositions positions = Prompt.of(model.config(), prompt).positions();
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      RotaryTable.Rotation rotation = RotaryTable.of(model.config().text(), positions).in(scope);
      assertClose(rotation.cos(), golden, name + ".cos", ANGLE_TOLERANCE);
      assertClose(rotation.sin(), golden, name + ".sin", ANGLE_TOLERANCE);
    }
    QwenConfig.Rotary rotary = model.config().text().rotary();
    float[] frequencies =
        RotaryTable.frequencies(rotary.theta(), model.config().text().headDim() / 2);
    assertClose(frequencies, golden.floats("inv_freq"), ANGLE_TOLERANCE, "inv_freq");
    JsonNode axes = model.meta("04_positions").path("axis_of_frequency");
    for (int f = 0; f < axes.size(); f++) {
      assertThat(probe(rotary.order().axis(f, rotary.sections()), frequencies[f]))
          .as("axis of frequency %d", f)
          .isCloseTo(probe(axes.get(f).asInt(), frequencies[f]), within(2e-7));
    }
  }

  /**
   * What the reference told the axes apart by: the cosine at one position each. It could not where
   * a frequency is so low that float32 gives the same cosine for two of them.
   */
  private static double probe(int axis, float frequency) {
    return Math.cos(List.of(1, 100, 10_000).get(axis) * (double) frequency);
  }

  @TestFactory
  Stream<DynamicTest> vision() {
    return each(
        "05_vision",
        model -> {
          GoldenTensors golden = model.tensors("05_vision");
          return GoldenModel.caseNames(golden, "pixel_values")
              .map(name -> DynamicTest.dynamicTest(name, () -> vision(model, golden, name + ".")));
        });
  }

  private static void vision(GoldenModel model, GoldenTensors golden, String name) {
    QwenConfig.Vision config = model.config().vision();
    PatchGrid patches =
        PatchGrid.of(
            GoldenModel.grids(golden, name, model.tensors("04_positions")), config.mergeSize());
    float[] pixels = golden.floats(name + "pixel_values");
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      VisionFeatures features = model.network().vision().encode(scope, pixels, patches, DType.F32);
      assertClose(features.merged(), golden, name + "merged", VISION_TOLERANCE);
      for (int i = 0; i < features.deepstack().size(); i++) {
        assertClose(features.deepstack().get(i), golden, name + "deepstack" + i, VISION_TOLERANCE);
      }
      if (golden.has(name + "patch_embed")) {
        insideVision(model, golden, name, scope, patches, pixels);
      }
    }
  }

  private static void insideVision(
      GoldenModel model,
      GoldenTensors golden,
      String name,
      TensorScope scope,
      PatchGrid patches,
      float[] pixels) {
    QwenConfig.Vision config = model.config().vision();
    VisionTower tower = model.network().vision();
    Ops ops = scope.ops();
    RotaryTable.Rotation inOrder = RotaryTable.of(config, patches).in(scope);
    assertClose(inOrder.cos(), golden, name + "rotary_cos", ANGLE_TOLERANCE);
    assertClose(inOrder.sin(), golden, name + "rotary_sin", ANGLE_TOLERANCE);
    NDArray x =
        tower.embedPatches(ops, scope.floats(pixels, patches.count(), config.patchLength()));
    assertClose(x, golden, name + "patch_embed", VISION_TOLERANCE);
    if (config.style().learnsPositions()) {
      PatchGrid.Taps taps = patches.taps(config.gridSide());
      assertThat(taps.indices()).isEqualTo(golden.longs(name + "interpolation_indices"));
      assertClose(
          taps.weights(),
          golden.floats(name + "interpolation_weights"),
          VISION_TOLERANCE,
          "interpolation_weights");
      NDArray positions = tower.positions(scope, patches);
      assertClose(positions, golden, name + "pos_embed", VISION_TOLERANCE);
      x = ops.add(x, positions);
    }
    PatchWindows windows = PatchWindows.of(patches, config);
    if (golden.has(name + "cu_seqlens")) {
      assertThat(bounds(patches.attentionRuns())).isEqualTo(golden.longs(name + "cu_seqlens"));
    }
    if (config.windows().any()) {
      assertThat(windows.order()).isEqualTo(golden.ints(name + "window_index"));
      assertThat(bounds(windows.attentionRuns()))
          .isEqualTo(golden.longs(name + "cu_window_seqlens"));
    }
    x = tower.reorder(scope, x, windows.order());
    RotaryTable.Rotation rotation = RotaryTable.of(config, windows.patches()).in(scope);
    for (int i = 0; i < config.depth(); i++) {
      x = tower.block(ops, i, x, rotation, windows);
      assertClose(x, golden, name + "block" + i, VISION_TOLERANCE);
    }
  }

  /** Where pieces given as pairs of a count and a length begin and end. */
  private static long[] bounds(long[] runs) {
    List<Long> bounds = new ArrayList<>(List.of(0L));
    for (int i = 0; i < runs.length; i += 2) {
      for (int n = 0; n < runs[i]; n++) {
        bounds.add(bounds.get(bounds.size() - 1) + runs[i + 1]);
      }
    }
    return bounds.stream().mapToLong(Long::longValue).toArray();
  }

  @TestFactory
  Stream<DynamicTest> logits() {
    return each(
        "06_logits",
        model -> {
          GoldenTensors golden = model.tensors("06_logits");
          return Stream.concat(
              GoldenModel.caseNames(golden, "logits")
                  .map(
                      name ->
                          DynamicTest.dynamicTest(
                              name, () -> logits(model, golden, name + ".", "logits"))),
              Stream.of("logits_float32")
                  .filter(golden::has)
                  .map(
                      name ->
                          DynamicTest.dynamicTest(name, () -> logits(model, golden, "", name))));
        });
  }

  /** Rows are computed without their padding; of a padded row the real positions are compared. */
  private static void logits(GoldenModel model, GoldenTensors golden, String name, String what) {
    long[] shape = golden.shape(name + what);
    int kept = (int) shape[1];
    int vocabulary = (int) shape[2];
    int length = (int) golden.shape(name + "input_ids")[1];
    int[] mask = golden.ints(name + "attention_mask");
    float[] expected = golden.floats(name + what);
    List<EncodedPrompt> rows = model.batch(golden, name);
    for (int row = 0; row < rows.size(); row++) {
      try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
        PackedGroup alone = new PackedGroup(Prompt.of(model.config(), rows.get(row)), List.of());
        List<float[]> states = new ArrayList<>();
        NDArray last =
            model.network().hidden(scope, alone, state -> states.add(Tensors.floats(state)));
        states.set(states.size() - 1, Tensors.floats(last));
        float[] logits = Tensors.floats(scope.ops().linear(last, model.network().decoder().head()));
        int real = rows.get(row).tokens().length();
        int compared = 0;
        for (int i = length - 1, token = real - 1; i >= length - kept; i--) {
          if (mask[row * length + i] != 0) {
            int at = (row * kept + i - (length - kept)) * vocabulary;
            assertClose(
                Arrays.copyOfRange(logits, token * vocabulary, (token + 1) * vocabulary),
                Arrays.copyOfRange(expected, at, at + vocabulary),
                LOGIT_TOLERANCE,
                name + "logits, row " + row + ", token " + token);
            token--;
            compared++;
          }
        }
        assertThat(compared).isPositive();
        for (int i = 0; golden.has(name + "hidden" + i); i++) {
          assertClose(
              states.get(i), golden.floats(name + "hidden" + i), LOGIT_TOLERANCE, "hidden" + i);
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> greedyTokens() {
    return each(
        "07_generate",
        model -> {
          GoldenTensors golden = model.tensors("07_generate");
          return GoldenModel.caseNames(golden, "tokens")
              .map(name -> DynamicTest.dynamicTest(name, () -> generate(model, golden, name)));
        });
  }

  /** A case with an end token of its own continues the prompts of the case it is named after. */
  private static void generate(GoldenModel model, GoldenTensors golden, String name) {
    GoldenTensors inputs = model.tensors("06_logits");
    String prompts =
        GoldenModel.caseNames(inputs, "input_ids")
            .filter(name::startsWith)
            .reduce((a, b) -> a.length() > b.length() ? a : b)
            .orElseThrow();
    JsonNode meta = model.meta("07_generate").get("cases").get(name);
    int end = meta.path("eos_token_id").asInt(-1);
    int pad = meta.path("pad_token_id").asInt(-1);
    int count = (int) golden.shape(name + ".tokens")[1];
    int[] expected = golden.ints(name + ".tokens");
    List<EncodedPrompt> rows = model.batch(inputs, prompts + ".");
    for (int row = 0; row < rows.size(); row++) {
      RecordingSampler sampler = new RecordingSampler(end);
      new GroupDecoder(model.runtime(), model.network())
          .decode(Prompt.of(model.config(), rows.get(row)), 1, count, sampler);
      int[] tokens = Arrays.copyOf(sampler.sampler.tokens(0).toArray(), count);
      Arrays.fill(tokens, sampler.sampler.tokens(0).length(), count, pad);
      int same = compared(tokens, Arrays.copyOfRange(expected, row * count, (row + 1) * count));
      if (same < count) {
        // From a choice that rounding decides on, the rows say something else.
        assertThat(sampler.margin(same)).isLessThanOrEqualTo(2 * LOGIT_TOLERANCE);
        System.out.printf("%s, row %d: the last %d tokens are left out%n", name, row, count - same);
        assertThat(same).as("tokens compared").isPositive();
      } else if (golden.has(name + ".step_logits")) {
        assertClose(
            sampler.allLogits(),
            golden.floats(name + ".step_logits"),
            LOGIT_TOLERANCE,
            "step_logits");
      }
    }
  }

  /** How many tokens at the head are equal. */
  private static int compared(int[] tokens, int[] expected) {
    assertThat(tokens).hasSameSizeAs(expected);
    int first = Arrays.mismatch(tokens, expected);
    return first < 0 ? tokens.length : first;
  }

  /** Greedy, and remembers the logits. */
  private static final class RecordingSampler implements GroupDecoder.TokenChooser {
    private final TokenSampler sampler;
    private final List<float[]> logits = new ArrayList<>();

    RecordingSampler(int end) {
      sampler = new TokenSampler(0, TokenIds.of(), TokenIds.of(end), new long[1]);
    }

    @Override
    public int[] choose(int position, float[] row) {
      logits.add(row.clone());
      return sampler.choose(position, row);
    }

    @Override
    public int[] unfinished() {
      return sampler.unfinished();
    }

    /** How far the most likely token of a step is above the next. */
    float margin(int step) {
      float[] sorted = logits.get(step).clone();
      Arrays.sort(sorted);
      return sorted[sorted.length - 1] - sorted[sorted.length - 2];
    }

    float[] allLogits() {
      int width = logits.get(0).length;
      float[] all = new float[logits.size() * width];
      for (int i = 0; i < logits.size(); i++) {
        System.arraycopy(logits.get(i), 0, all, i * width, width);
      }
      return all;
    }
  }

  private interface Cases {
    Stream<DynamicTest> of(GoldenModel model);
  }

  /** The cases of every model that has this part. */
  private static Stream<DynamicTest> each(String part, Cases cases) {
    return (part.equals("configuration") ? models : GoldenModel.with(models, part))
        .stream()
            .flatMap(
                model ->
                    cases
                        .of(model)
                        .map(
                            test ->
                                DynamicTest.dynamicTest(
                                    model.folder().getFileName() + " " + test.getDisplayName(),
                                    test.getExecutable())));
  }

  private static void assertClose(
      NDArray actual, GoldenTensors golden, String name, float tolerance) {
    assertClose(Tensors.floats(actual), golden.floats(name), tolerance, name);
  }

  private static void assertClose(float[] actual, float[] expected, float tolerance, String what) {
    GoldenModel.assertClose(actual, expected, tolerance, what);
  }
}
