package io.medvol.model.sam2;

import static io.medvol.model.sam2.GoldenSam2.MEMORY_ATTENTION_LIMIT;
import static io.medvol.model.sam2.GoldenSam2.STAGE_LIMIT;
import static io.medvol.model.sam2.GoldenSam2.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Each part of the network fed with the reference's own input of that part. */
@Tag("parity")
@Tag("numeric")
class Sam2StagesParityTest {
  private static TorchRuntime runtime;

  @BeforeAll
  static void open() {
    runtime = TorchRuntime.open();
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  private interface Check {
    void run(Path folder, Sam2Model model, TensorScope scope);
  }

  @TestFactory
  Stream<DynamicTest> everyStageOfTheEncoderAgrees() {
    return each(Sam2StagesParityTest::encoder);
  }

  @TestFactory
  Stream<DynamicTest> promptDecoderAndMemoryEncoderAgree() {
    return each(Sam2StagesParityTest::decoder);
  }

  @TestFactory
  Stream<DynamicTest> memoryAttentionAgrees() {
    return each(Sam2StagesParityTest::memoryAttention);
  }

  @TestFactory
  Stream<DynamicTest> bothFormsOfAConfigurationAreEqual() {
    return GoldenSam2.models().stream()
        .map(
            folder ->
                dynamicTest(
                    folder.getFileName().toString(),
                    () ->
                        assertThat(Sam2ConfigReader.read(folder.resolve("config.yaml")))
                            .isEqualTo(GoldenSam2.config(folder))));
  }

  /** The set may hold the weights as a torch checkpoint, as safetensors, or as both. */
  @TestFactory
  Stream<DynamicTest> weightsAreThoseOfTheFormula() {
    return GoldenSam2.models().stream()
        .flatMap(
            folder ->
                Stream.of("model.pt", "model.safetensors")
                    .map(folder::resolve)
                    .filter(Files::exists)
                    .map(
                        file ->
                            dynamicTest(
                                folder.getFileName() + "/" + file.getFileName(),
                                () -> assertFormula(folder, file))));
  }

  private static void assertFormula(Path folder, Path file) {
    try (TensorScope scope = runtime.storage()) {
      Sam2Config config = GoldenSam2.config(folder);
      Sam2Weights loaded = Sam2Weights.load(config, file, Sam2Numbers.FLOAT32, runtime, scope);
      Map<String, NDArray> formula =
          SeededWeights.build(Golden.json(folder.resolve("manifest.json")), scope);
      for (String name : Sam2Layout.of(config).keySet()) {
        assertThat(Tensors.floats(loaded.get(name)))
            .as(name)
            .isEqualTo(Tensors.floats(formula.get(name)));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> namesAndShapesAreThoseOfTheManifest() {
    return GoldenSam2.models().stream()
        .map(
            folder ->
                dynamicTest(
                    folder.getFileName().toString(),
                    () -> assertManifest(folder, GoldenSam2.config(folder))));
  }

  static void assertManifest(Path folder, Sam2Config config) {
    Map<String, List<Long>> expected = manifest(folder);
    Map<String, List<Long>> actual = Sam2Layout.of(config);
    assertThat(actual).isEqualTo(expected);
    assertThat(List.copyOf(actual.keySet())).isEqualTo(List.copyOf(expected.keySet()));
  }

  static Map<String, List<Long>> manifest(Path folder) {
    Map<String, List<Long>> expected = new LinkedHashMap<>();
    for (JsonNode tensor : Golden.json(folder.resolve("manifest.json")).get("tensors")) {
      List<Long> shape = new ArrayList<>();
      tensor.get("shape").forEach(size -> shape.add(size.asLong()));
      expected.put(tensor.get("name").asText(), shape);
    }
    return expected;
  }

  private static Stream<DynamicTest> each(Check check) {
    return GoldenSam2.models().stream()
        .map(
            folder ->
                dynamicTest(
                    folder.getFileName().toString(),
                    () -> {
                      try (Sam2Model model =
                              Sam2Model.load(
                                  GoldenSam2.config(folder), folder.resolve("model.pt"), runtime);
                          TensorScope scope = runtime.compute(GradientMode.NONE)) {
                        check.run(folder, model, scope);
                      }
                    }));
  }

  private static void encoder(Path folder, Sam2Model model, TensorScope scope) {
    GoldenTensors golden = Golden.tensors(folder.resolve("stages/encoder.safetensors"));
    Ops ops = scope.ops();
    TreeSet<String> seen = new TreeSet<>(List.of("input"));
    SliceFeatures features =
        model
            .imageEncoder()
            .encode(
                scope.floats(golden.floats("input"), golden.shape("input")),
                ops,
                (name, value) -> {
                  assertClose(name, value, golden, STAGE_LIMIT, ops);
                  seen.add(name);
                });
    assertClose("features.high_res.0", features.finest(), golden, STAGE_LIMIT, ops);
    assertClose("features.high_res.1", features.fine(), golden, STAGE_LIMIT, ops);
    assertClose("features.top", features.top(), golden, STAGE_LIMIT, ops);
    for (String name : golden.names()) {
      if (name.startsWith("neck.pos.")) {
        long[] shape = golden.shape(name);
        float[] map = Sines.map((int) shape[1], (int) shape[2]);
        assertClose(name, map, golden.floats(name), STAGE_LIMIT);
      } else if (!name.startsWith("features.")) {
        assertThat(seen).contains(name);
      }
    }
  }

  private static void decoder(Path folder, Sam2Model model, TensorScope scope) {
    GoldenTensors golden = Golden.tensors(folder.resolve("stages/decoder.safetensors"));
    GoldenTensors encoded = Golden.tensors(folder.resolve("stages/encoder.safetensors"));
    Ops ops = scope.ops();
    GoldenCase box = GoldenCase.read(folder, stagesCase(folder));
    PromptEncoder.Embedded prompt =
        model
            .promptEncoder()
            .points(
                List.of(((SlicePrompt.Points) box.prompts().get(0)).points()),
                box.rows(),
                box.columns(),
                scope);
    assertClose("prompt.sparse", prompt.sparse(), golden, STAGE_LIMIT, ops);
    long[] grid = golden.shape("prompt.dense");
    NDArray dense = ops.expand(prompt.dense(), grid);
    assertClose("prompt.dense", dense, golden, STAGE_LIMIT, ops);
    NDArray places = model.denseEncoding();
    assertClose("decoder.image_pe", places, golden, STAGE_LIMIT, ops);
    NDArray image = tensor(golden, "decoder.image_embeddings", scope);
    NDArray top = tensor(encoded, "features.top", scope);
    NDArray noMemory = ops.reshape(model.weights().get("no_mem_embed"), 1, -1, 1, 1);
    assertClose("decoder.image_embeddings", ops.add(top, noMemory), golden, STAGE_LIMIT, ops);
    MaskDecoder.Attended attended = model.maskDecoder().attend(image, places, prompt, ops);
    assertClose("decoder.transformer.tokens", attended.tokens(), golden, STAGE_LIMIT, ops);
    assertClose("decoder.transformer.image", attended.image(), golden, STAGE_LIMIT, ops);
    SliceFeatures features =
        new SliceFeatures(
            tensor(encoded, "features.high_res.0", scope),
            tensor(encoded, "features.high_res.1", scope),
            top);
    MaskDecoder.Decoded decoded = model.maskDecoder().decode(attended, features, ops);
    assertClose("decoder.all_masks", decoded.masks(), golden, STAGE_LIMIT, ops);
    assertClose("decoder.all_ious", decoded.ious(), golden, STAGE_LIMIT, ops);
    assertClose("decoder.object_score", decoded.objectScore(), golden, STAGE_LIMIT, ops);
    NDArray single = ops.narrow(decoded.tokens(), 1, 0, 1);
    assertClose("decoder.mask_tokens", single, golden, STAGE_LIMIT, ops);
    NDArray memory =
        model
            .memoryEncoder()
            .encode(
                top,
                tensor(golden, "memory.mask.input", scope),
                ops,
                (name, value) -> assertClose(name, value, golden, STAGE_LIMIT, ops));
    assertClose("memory.features", memory, golden, STAGE_LIMIT, ops);
    assertRounded(ops.cast(ops.cast(memory, DType.BF16), DType.F32), golden);
    NDArray positions = ops.permute(model.memoryPositions(), 0, 2, 1);
    NDArray map = ops.reshape(positions, golden.shape("memory.pos"));
    assertClose("memory.pos", map, golden, STAGE_LIMIT, ops);
  }

  /** At most one step of bfloat16 away, where a value lies beside a rounding boundary. */
  private static void assertRounded(NDArray memory, GoldenTensors golden) {
    float[] expected = golden.floats("kept.memory_bfloat16");
    float[] actual = Tensors.floats(memory);
    for (int i = 0; i < expected.length; i++) {
      double step = Math.max(1e-4, Math.scalb(1.0, Math.getExponent(expected[i]) - 7));
      assertThat(Math.abs(actual[i] - expected[i])).isLessThanOrEqualTo((float) step);
    }
  }

  /** The case the stages were taken from is the one that keeps logits of the whole volume. */
  private static JsonNode stagesCase(Path folder) {
    for (JsonNode described : GoldenSam2.index(folder).get("cases")) {
      if (described.get("tensors").has("logits")) {
        return described;
      }
    }
    throw new AssertionError(folder + " has no case with logits");
  }

  private static void memoryAttention(Path folder, Sam2Model model, TensorScope scope) {
    GoldenTensors golden = Golden.tensors(folder.resolve("stages/memory_attention.safetensors"));
    Ops ops = scope.ops();
    assertRotations(model, golden);
    for (String name : golden.names()) {
      if (!name.endsWith(".memory")) {
        continue;
      }
      String prefix = name.substring(0, name.length() - "memory".length());
      MemoryAttention.Memory memory =
          new MemoryAttention.Memory(
              batched(tensor(golden, name, scope), ops),
              batched(tensor(golden, prefix + "memory_pos", scope), ops),
              golden.ints(prefix + "object_pointer_tokens")[0]);
      NDArray output =
          model
              .memoryAttention()
              .attend(
                  batched(tensor(golden, prefix + "curr", scope), ops),
                  memory,
                  ops,
                  (layer, value) ->
                      assertClose(prefix + layer, value, golden, MEMORY_ATTENTION_LIMIT, ops));
      assertClose(prefix + "output", output, golden, MEMORY_ATTENTION_LIMIT, ops);
    }
  }

  private static void assertRotations(Sam2Model model, GoldenTensors golden) {
    Sam2Config config = model.config();
    float[] turns =
        Sines.rotations(config.neck().width(), config.grid(), config.memoryAttention().ropeTheta());
    float[] cosines = new float[turns.length / 2];
    float[] sines = new float[turns.length / 2];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = turns[2 * i];
      sines[i] = turns[2 * i + 1];
    }
    assertClose("rope.cos", cosines, golden.floats("rope.cos"), STAGE_LIMIT);
    assertClose("rope.sin", sines, golden.floats("rope.sin"), STAGE_LIMIT);
  }

  /** {@code [token][1][channel]} as {@code [1][token][channel]}. */
  private static NDArray batched(NDArray sequence, Ops ops) {
    return ops.permute(sequence, 1, 0, 2);
  }

  private static NDArray tensor(GoldenTensors golden, String name, TensorScope scope) {
    return scope.floats(golden.floats(name), golden.shape(name));
  }
}
