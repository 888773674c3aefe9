package io.medvol.model.sam2;

import static io.medvol.model.sam2.GoldenSam2.assertClose;
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
import io.medvol.reward.metric.ConnectedComponents;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Whole volumes against the official predictor, both directions. */
@Tag("parity")
@Tag("numeric")
class Sam2PropagationParityTest {
  private static final double LOGIT_LIMIT = 1e-2;
  private static final double SCORE_LIMIT = 2e-3;
  private static final double DIFFERING_VOXELS = 2e-4;

  /** What a hole is filled with; a logit up to 0 belongs to a hole. */
  private static final float FILLING = 0.1f;

  /** The most logits that may be left out, of all. */
  private static final double LEFT_OUT = 1e-4;

  private static TorchRuntime runtime;

  @BeforeAll
  static void open() {
    runtime = TorchRuntime.open();
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  @TestFactory
  Stream<DynamicContainer> everyCaseAgrees() {
    return GoldenSam2.models().stream()
        .map(
            folder -> {
              Iterable<Map.Entry<String, JsonNode>> cases =
                  () -> GoldenSam2.index(folder).get("cases").fields();
              return DynamicContainer.dynamicContainer(
                  folder.getFileName().toString(),
                  StreamSupport.stream(cases.spliterator(), false)
                      .map(
                          one ->
                              dynamicTest(
                                  one.getKey(),
                                  () -> agrees(folder, one.getKey(), one.getValue()))));
            });
  }

  private static void agrees(Path folder, String name, JsonNode described) {
    GoldenTensors golden = Golden.tensors(folder.resolve("cases/" + name + ".safetensors"));
    GoldenCase one = GoldenCase.read(folder, described);
    try (Sam2Model model = model(folder, described);
        Sam2Propagation propagation = new Sam2Propagation(model, slices(one), options(described))) {
      Visits visits = new Visits();
      TrackRequest request = new TrackRequest(one.prompts(), 0, one.slices() - 1);
      BinaryMask mask = propagation.propagate(List.of(request), visits).get(0);
      visits.assertAgree(golden, described.get("fill_hole_area").asInt() > 0);
      assertMask("masks", mask, golden);
      assertMask("largest_component", largest(mask), golden);
      System.out.printf(
          "%s: of %d logits %d lie within %s of the threshold of filling holes and are left out%n",
          name, visits.compared, visits.leftOut, LOGIT_LIMIT);
      assertThat((double) visits.leftOut / visits.compared)
          .as("logits left out")
          .isLessThanOrEqualTo(LEFT_OUT);
    }
  }

  static Sam2Model model(Path folder, JsonNode described) {
    Sam2Model model =
        Sam2Model.load(GoldenSam2.config(folder), folder.resolve("model.pt"), runtime);
    double shift = described.get("object_score_bias_shift").asDouble();
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      NDArray bias = model.weights().get("sam_mask_decoder.pred_obj_score_head.layers.2.bias");
      scope.ops().copyInto(bias, scope.ops().affine(bias, 1, shift));
    }
    return model;
  }

  private static Sam2Options options(JsonNode described) {
    return new Sam2Options(
        described.get("postprocessing").asBoolean()
            ? Sam2Options.Postprocessing.OFFICIAL
            : Sam2Options.Postprocessing.NONE,
        described.get("fill_hole_area").asInt(),
        0,
        Sam2Options.MEDSAM2.tracksAtOnce(),
        Sam2Options.MEDSAM2.cacheBytes());
  }

  static GreySlices slices(GoldenCase one) {
    int pixels = one.rows() * one.columns();
    return new GreySlices(
        new GridSize(one.slices(), one.rows(), one.columns()),
        slice -> Arrays.copyOfRange(one.grey(), slice * pixels, (slice + 1) * pixels));
  }

  @TestFactory
  Stream<DynamicTest> slicesAreResizedAsTheScriptDoes() {
    return GoldenSam2.models().stream()
        .map(
            folder ->
                dynamicTest(
                    folder.getFileName().toString(),
                    () -> {
                      int side = GoldenSam2.config(folder).imageSize();
                      GoldenTensors volumes = Golden.tensors(folder.resolve("volumes.safetensors"));
                      for (JsonNode described : GoldenSam2.index(folder).get("cases")) {
                        GoldenCase one = GoldenCase.read(folder, described);
                        byte[] expected = volumes.bytes(one.volume() + ".resized");
                        for (int slice = 0; slice < one.slices(); slice++) {
                          int from = slice * side * side;
                          assertThat(slices(one).resized(slice, side))
                              .isEqualTo(Arrays.copyOfRange(expected, from, from + side * side));
                        }
                      }
                    }));
  }

  private static BinaryMask largest(BinaryMask mask) {
    return ConnectedComponents.of(mask, ConnectedComponents.Connectivity.CORNERS).stream()
        .map(ConnectedComponents.Component::mask)
        .findFirst()
        .orElse(mask);
  }

  private static void assertMask(String name, BinaryMask mask, GoldenTensors golden) {
    byte[] expected = golden.bytes(name);
    assertThat(mask.size().voxels()).isEqualTo(expected.length);
    boolean thresholded = name.equals("masks") && golden.has("logits");
    float[] logits = thresholded ? golden.floats("logits") : new float[expected.length];
    int differing = 0;
    GridSize size = mask.size();
    for (int i = 0; i < expected.length; i++) {
      int column = i % size.columns();
      int row = i / size.columns() % size.rows();
      if (mask.get(i / size.pixelsPerSlice(), row, column) != (expected[i] != 0)) {
        differing++;
        assertThat((double) Math.abs(logits[i]))
            .as("%s, logit of voxel %d", name, i)
            .isLessThanOrEqualTo(LOGIT_LIMIT);
      }
    }
    if (differing > 0) {
      System.out.printf("%s: %d of %d voxels differ%n", name, differing, expected.length);
    }
    assertThat((double) differing / expected.length).as(name).isLessThanOrEqualTo(DIFFERING_VOXELS);
  }

  /** What was visited, against the reference's own visits. */
  private static final class Visits implements Sam2Propagation.Observer {
    private final Map<Track.Direction, List<SliceDecision>> visits =
        new EnumMap<>(Track.Direction.class);
    private int compared;
    private int leftOut;

    @Override
    public void visited(int request, Track.Direction direction, SliceDecision decision) {
      visits.computeIfAbsent(direction, key -> new ArrayList<>()).add(decision);
    }

    void assertAgree(GoldenTensors golden, boolean filled) {
      for (Track.Direction direction : Track.Direction.values()) {
        String prefix = direction.name().toLowerCase(Locale.ROOT) + ".";
        assertThat(visits.containsKey(direction)).isEqualTo(golden.has(prefix + "slices"));
        if (visits.containsKey(direction)) {
          assertAgree(prefix, visits.get(direction), golden, filled);
        }
      }
    }

    private void assertAgree(
        String prefix, List<SliceDecision> visited, GoldenTensors golden, boolean filled) {
      assertThat(visited.stream().mapToInt(SliceDecision::slice).toArray())
          .isEqualTo(golden.ints(prefix + "slices"));
      float[] logits = golden.floats(prefix + "low_res_logits");
      float[] scores = golden.floats(prefix + "object_score");
      float[] pointers = golden.floats(prefix + "obj_ptr");
      double[] ious = golden.doubles(prefix + "ious");
      for (int i = 0; i < visited.size(); i++) {
        SliceDecision decision = visited.get(i);
        String at = prefix + "slice " + decision.slice();
        float[] found = decision.logits().clone();
        leaveOut(found, logits, i, filled);
        assertWithin(at + " logits", found, logits, i, LOGIT_LIMIT);
        assertWithin(at + " score", new float[] {decision.objectScore()}, scores, i, SCORE_LIMIT);
        assertWithin(at + " pointer", decision.pointer(), pointers, i, SCORE_LIMIT);
        for (int k = 0; k < decision.ious().length; k++) {
          assertThat(Math.abs(decision.ious()[k] - ious[3 * i + k]))
              .as(at + " overlap " + k)
              .isLessThanOrEqualTo(SCORE_LIMIT);
        }
      }
    }

    /**
     * Takes the reference's value for a logit that one side filled and the other left, where what
     * was left lies so close to the threshold that rounding decides.
     */
    private void leaveOut(float[] found, float[] all, int index, boolean filled) {
      compared += found.length;
      for (int i = 0; filled && i < found.length; i++) {
        float expected = all[index * found.length + i];
        float left = expected == FILLING ? found[i] : expected;
        boolean differ = (found[i] == FILLING) != (expected == FILLING);
        if (differ && left > 0 && left <= LOGIT_LIMIT) {
          leftOut++;
          found[i] = expected;
        }
      }
    }

    private static void assertWithin(
        String name, float[] actual, float[] all, int index, double limit) {
      int from = index * actual.length;
      for (int i = 0; i < actual.length; i++) {
        if (!(Math.abs(actual[i] - all[from + i]) <= limit)) {
          throw new AssertionError(
              name + ", element " + i + ": " + actual[i] + ", expected " + all[from + i]);
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> theMemoryOfEachSliceIsTheReferences() {
    return GoldenSam2.models().stream()
        .map(folder -> dynamicTest(folder.getFileName().toString(), () -> assertMemories(folder)));
  }

  /** The stage file was taken from the deepest volume, prompted once, going forward. */
  private static void assertMemories(Path folder) {
    GoldenTensors golden = Golden.tensors(folder.resolve("stages/memory_attention.safetensors"));
    JsonNode deepest = null;
    int depth = 0;
    for (JsonNode described : GoldenSam2.index(folder).get("cases")) {
      int slices = GoldenCase.read(folder, described).slices();
      if (slices > depth) {
        deepest = described;
        depth = slices;
      }
    }
    GoldenCase one = GoldenCase.read(folder, deepest);
    Map<String, float[]> seen = new TreeMap<>();
    Sam2Propagation.Observer observer =
        new Sam2Propagation.Observer() {
          @Override
          public void visited(int request, Track.Direction direction, SliceDecision decision) {}

          @Override
          public void remembered(List<Track> tracks, MemoryAttention.Memory memory, Ops ops) {
            if (tracks.get(0).direction() == Track.Direction.FORWARD) {
              String prefix = "slice." + tracks.get(0).next() + ".";
              seen.put(prefix + "memory", first(memory.values(), ops));
              seen.put(prefix + "memory_pos", first(memory.positions(), ops));
            }
          }
        };
    try (Sam2Model model = model(folder, deepest);
        Sam2Propagation propagation = new Sam2Propagation(model, slices(one), options(deepest))) {
      propagation.propagate(
          List.of(new TrackRequest(one.prompts(), 0, one.slices() - 1)), observer);
    }
    for (String name : golden.names()) {
      if (name.endsWith(".memory")) {
        assertStored(name, seen.get(name), golden.floats(name));
      } else if (name.endsWith(".memory_pos")) {
        assertClose(name, seen.get(name), golden.floats(name), GoldenSam2.STAGE_LIMIT);
      }
    }
  }

  private static float[] first(NDArray tracks, Ops ops) {
    return Tensors.floats(ops.contiguous(ops.narrow(tracks, 0, 0, 1)));
  }

  /** One step of bfloat16, or what pointers may differ by at the end of a track. */
  private static void assertStored(String name, float[] actual, float[] expected) {
    assertThat(actual).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      double step = Math.max(SCORE_LIMIT, Math.scalb(1.0, Math.getExponent(expected[i]) - 7));
      if (!(Math.abs(actual[i] - expected[i]) <= step)) {
        throw new AssertionError(
            name + ", element " + i + ": " + actual[i] + ", expected " + expected[i]);
      }
    }
  }
}
