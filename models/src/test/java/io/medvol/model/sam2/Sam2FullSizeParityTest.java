package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** A published size with weights made by formula: sampled values of every stage. */
@Tag("parity")
@Tag("numeric")
class Sam2FullSizeParityTest {
  private static final double STATISTICS_LIMIT = 1e-5;
  private static final double LOGIT_LIMIT = 1e-2;
  private static final double SCORE_LIMIT = 2e-3;
  private static final double DIFFERING_PIXELS = 2e-4;

  /** The most voxels that may lie so close to the border, of all. */
  private static final double LEFT_OUT = 1e-3;

  @TestFactory
  Stream<DynamicTest> stagesAndPropagationAgree() throws IOException {
    try (Stream<Path> folders = Files.list(Golden.root())) {
      List<Path> sizes =
          folders
              .filter(folder -> Files.exists(folder.resolve("propagation.safetensors")))
              .filter(folder -> Files.exists(folder.resolve("manifest.json")))
              .sorted()
              .toList();
      if (Golden.isBundled()) {
        assertThat(sizes).isNotEmpty();
      }
      return sizes.stream()
          .map(folder -> dynamicTest(folder.getFileName().toString(), () -> agrees(folder)));
    }
  }

  private static void agrees(Path folder) {
    JsonNode expected = Golden.json(folder.resolve("expected.json"));
    Sam2Config config = config(folder, expected);
    try (TorchRuntime runtime = TorchRuntime.open()) {
      TensorScope stored = runtime.storage();
      Map<String, NDArray> tensors =
          SeededWeights.build(Golden.json(folder.resolve("manifest.json")), stored);
      expected
          .get("weights")
          .fields()
          .forEachRemaining(
              one ->
                  assertThat(sha256(tensors.get(one.getKey())))
                      .as(one.getKey())
                      .isEqualTo(one.getValue().asText()));
      try (Sam2Model model = new Sam2Model(config, runtime, stored, new Sam2Weights(tensors))) {
        new Comparison(folder, expected, model).run();
      }
    }
  }

  /** The published size that the manifest describes, for the side of the stage's input. */
  private static Sam2Config config(Path folder, JsonNode expected) {
    int side = expected.get("stages").get("input").get("shape").get(3).asInt();
    for (Sam2Size size : Sam2Size.values()) {
      Sam2Config config = size.config(side);
      if (Sam2Layout.of(config).equals(Sam2StagesParityTest.manifest(folder))) {
        Sam2StagesParityTest.assertManifest(folder, config);
        return config;
      }
    }
    throw new AssertionError(folder + " describes none of the published sizes");
  }

  private static String sha256(NDArray tensor) {
    try {
      byte[] bytes = new byte[(int) tensor.size() * 4];
      Tensors.bytes(tensor).get(bytes);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** One model against one folder. */
  private static final class Comparison {
    private final Path folder;
    private final JsonNode expected;
    private final Sam2Model model;
    private final GreySlices slices;
    private final TreeSet<String> compared = new TreeSet<>();

    Comparison(Path folder, JsonNode expected, Sam2Model model) {
      this.folder = folder;
      this.expected = expected;
      this.model = model;
      GoldenTensors volume = Golden.tensors(folder.resolve("slices.safetensors"));
      long[] size = volume.shape("slices");
      byte[] grey = volume.bytes("slices");
      GridSize grid = new GridSize((int) size[0], (int) size[1], (int) size[2]);
      int pixels = grid.pixelsPerSlice();
      this.slices =
          new GreySlices(
              grid, slice -> Arrays.copyOfRange(grey, slice * pixels, (slice + 1) * pixels));
    }

    void run() {
      JsonNode prompt = expected.get("prompt");
      JsonNode box = prompt.get("box");
      int key = prompt.get("slice").asInt();
      SlicePrompt.Points points =
          SlicePrompt.box(
              key, box.get(0).asInt(), box.get(1).asInt(), box.get(2).asInt(), box.get(3).asInt());
      SliceDecision prompted = propagation(points);
      try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
        stages(points, prompted, scope);
      }
      assertThat(compared).hasSizeGreaterThan(expected.get("stages").size() / 2);
    }

    private void stages(SlicePrompt.Points points, SliceDecision prompted, TensorScope scope) {
      Ops ops = scope.ops();
      byte[] grey = slices.resized(points.slice(), model.config().imageSize());
      NDArray input = model.input(grey, scope);
      sampled("input", input, ops);
      SliceFeatures features =
          model.imageEncoder().encode(input, ops, (name, value) -> sampled(name, value, ops));
      sampled("features.high_res.0", features.finest(), ops);
      sampled("features.high_res.1", features.fine(), ops);
      sampled("features.top", features.top(), ops);
      PromptEncoder.Embedded prompt =
          model
              .promptEncoder()
              .points(List.of(points.points()), slices.rows(), slices.columns(), scope);
      sampled("prompt.sparse", prompt.sparse(), ops);
      sampled("decoder.image_pe", model.denseEncoding(), ops);
      NDArray noMemory = ops.reshape(model.weights().get("no_mem_embed"), 1, -1, 1, 1);
      MaskDecoder.Attended attended =
          model
              .maskDecoder()
              .attend(ops.add(features.top(), noMemory), model.denseEncoding(), prompt, ops);
      sampled("decoder.transformer.tokens", attended.tokens(), ops);
      sampled("decoder.transformer.image", attended.image(), ops);
      MaskDecoder.Decoded decoded = model.maskDecoder().decode(attended, features, ops);
      sampled("decoder.all_masks", decoded.masks(), ops);
      sampled("decoder.all_ious", decoded.ious(), ops);
      sampled("decoder.object_score", decoded.objectScore(), ops);
      int side = model.config().maskSide();
      NDArray logits = scope.floats(prompted.logits(), 1, 1, side, side);
      sampled("kept.low_res_logits", logits, ops);
      sampled("kept.obj_ptr", scope.floats(prompted.pointer(), 1, prompted.pointer().length), ops);
    }

    private SliceDecision propagation(SlicePrompt.Points prompt) {
      GoldenTensors golden = Golden.tensors(folder.resolve("propagation.safetensors"));
      List<SliceDecision> visited = new ArrayList<>();
      BinaryMask mask;
      try (Sam2Propagation propagation = new Sam2Propagation(model, slices, Sam2Options.MEDSAM2)) {
        TrackRequest request = new TrackRequest(List.of(prompt), 0, slices.slices() - 1);
        mask =
            propagation
                .propagate(
                    List.of(request),
                    (index, direction, decision) -> {
                      String prefix =
                          direction == Track.Direction.FORWARD ? "forward." : "reverse.";
                      assertVisit(prefix, decision, golden);
                      visited.add(decision);
                    })
                .get(0);
      }
      JsonNode areas = expected.get("propagation").get("foreground_voxels_per_slice");
      for (int slice = 0; slice < slices.slices(); slice++) {
        assertThat((double) Math.abs(mask.area(slice) - areas.get(slice).asInt()))
            .isLessThanOrEqualTo(DIFFERING_PIXELS * slices.size().pixelsPerSlice());
      }
      assertMask(mask, golden);
      return visited.get(0);
    }

    /** Voxels whose reference logit rounding could take across the border are left out. */
    private void assertMask(BinaryMask mask, GoldenTensors golden) {
      float[] logits = new float[mask.size().voxels()];
      Arrays.fill(logits, Float.NEGATIVE_INFINITY);
      for (String prefix : List.of("forward.", "reverse.")) {
        int[] order = golden.ints(prefix + "slices");
        float[] all = golden.floats(prefix + "low_res_logits");
        for (int visit = 0; visit < order.length; visit++) {
          float[] large = enlarged(all, visit, all.length / order.length);
          for (int i = 0; i < large.length; i++) {
            int voxel = order[visit] * large.length + i;
            logits[voxel] = Math.max(logits[voxel], large[i]);
          }
        }
      }
      int leftOut = 0;
      for (int i = 0; i < logits.length; i++) {
        if (Math.abs(logits[i]) <= LOGIT_LIMIT) {
          leftOut++;
        } else {
          assertThat(mask.nextSet(i) == i)
              .as("voxel %d of logit %s", i, logits[i])
              .isEqualTo(logits[i] > 0);
        }
      }
      System.out.printf(
          "%s: %d of %d voxels lie within %s of the threshold and are left out%n",
          folder.getFileName(), leftOut, logits.length, LOGIT_LIMIT);
      assertThat((double) leftOut / logits.length).isLessThanOrEqualTo(LEFT_OUT);
    }

    private float[] enlarged(float[] all, int visit, int length) {
      int side = model.config().maskSide();
      float[] one = Arrays.copyOfRange(all, visit * length, (visit + 1) * length);
      try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
        NDArray small = scope.floats(one, 1, 1, side, side);
        return Tensors.floats(scope.ops().image().bilinear(small, slices.rows(), slices.columns()));
      }
    }

    private static void assertVisit(String prefix, SliceDecision decision, GoldenTensors golden) {
      int[] order = golden.ints(prefix + "slices");
      int index = 0;
      while (order[index] != decision.slice()) {
        index++;
      }
      assertWithin(prefix + "low_res_logits", decision.logits(), golden, index, LOGIT_LIMIT);
      assertWithin(prefix + "obj_ptr", decision.pointer(), golden, index, SCORE_LIMIT);
      float[] score = {decision.objectScore()};
      assertWithin(prefix + "object_score", score, golden, index, SCORE_LIMIT);
    }

    private static void assertWithin(
        String name, float[] actual, GoldenTensors golden, int index, double limit) {
      float[] all = golden.floats(name);
      for (int i = 0; i < actual.length; i++) {
        assertThat(Math.abs(actual[i] - all[index * actual.length + i]))
            .as("%s of visit %d", name, index)
            .isLessThanOrEqualTo((float) limit);
      }
    }

    private void sampled(String name, NDArray tensor, Ops ops) {
      JsonNode stage = expected.get("stages").get(name);
      assertThat(stage).as(name).isNotNull();
      compared.add(name);
      float[] values = Tensors.floats(ops.contiguous(tensor));
      double sum = 0;
      double squares = 0;
      for (float value : values) {
        sum += value;
        squares += (double) value * value;
      }
      double mean = sum / values.length;
      double deviation = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
      double spread = stage.get("standard_deviation").asDouble();
      double largest =
          Math.max(
              1,
              Math.max(
                  Math.abs(stage.get("minimum").asDouble()),
                  Math.abs(stage.get("maximum").asDouble())));
      double scale = Math.max(Math.abs(stage.get("mean").asDouble()), Math.max(1, spread));
      assertNear(name + " mean", mean, stage.get("mean"), STATISTICS_LIMIT * scale);
      assertNear(
          name + " deviation",
          deviation,
          stage.get("standard_deviation"),
          STATISTICS_LIMIT * scale);
      JsonNode samples = stage.get("samples");
      for (int i = 0; i < samples.get("index").size(); i++) {
        double value = values[samples.get("index").get(i).asInt()];
        double limit = GoldenSam2.STAGE_LIMIT * largest;
        assertNear(name + " sample " + i, value, samples.get("value").get(i), limit);
      }
    }

    private static void assertNear(String name, double actual, JsonNode expected, double limit) {
      assertThat(Math.abs(actual - expected.asDouble())).as(name).isLessThanOrEqualTo(limit);
    }
  }
}
