package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.HubFolder;
import io.medvol.model.Policies;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.AdapterFiles;
import io.medvol.model.lora.FreshAdapter;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.lora.TargetModules;
import io.medvol.model.tensor.DType;
import io.medvol.model.weights.FloatCodec;
import io.medvol.model.weights.WeightFiles;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters as other tools write them: loading and merging take or refuse the same ones. */
class ForeignAdapterTest {
  private static final String WEIGHTS = SavedAdapter.WEIGHT_FILE;
  private static final LoraConfig CONFIG =
      new LoraConfig(2, 3, new TargetModules.Suffixes(List.of("q_proj", "attn.qkv")));

  @TempDir private Path temporary;
  private Path model;
  private HubFolder adapter;
  private float[] values;

  @BeforeEach
  void write() throws IOException {
    model = Golden.models("qwen2_5_vl").get(0);
    adapter = adapterOf(model, CONFIG);
  }

  private HubFolder adapterOf(Path base, LoraConfig config) throws IOException {
    Path folder = Files.createTempDirectory(temporary, "adapter");
    try (QwenPolicy policy = Policies.loadAdapted(base, new FreshAdapter(config, 1), 1)) {
      values = policy.parameters();
      for (int i = 0; i < values.length; i++) {
        // Few bits, so that float16 holds them too.
        values[i] = Math.round(values[i] * 64) / 64f + (i % 13 - 6) / 64f;
      }
      AdapterFiles.write(config, "base", policy.layout(), values, folder);
    }
    return new HubFolder(folder);
  }

  private float[] loaded() {
    try (SavedAdapter saved = SavedAdapter.open(adapter.path());
        QwenPolicy policy = Policies.loadAdapted(model, saved, 1)) {
      return policy.parameters();
    }
  }

  private Path merged() throws IOException {
    return merged(model, adapter.path());
  }

  private Path merged(Path base, Path from) throws IOException {
    Path folder = Files.createTempDirectory(temporary, "merged");
    ModelDirectory opened = ModelDirectory.open(base);
    opened.copySideFiles(folder);
    try (SavedAdapter saved = SavedAdapter.open(from);
        OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      AdapterMerge.write(opened, saved, out);
    }
    return folder;
  }

  private static float[] tensor(Path folder, String name) {
    try (WeightFiles files = ModelWeights.open(ModelDirectory.open(folder))) {
      ByteBuffer bytes = ByteBuffer.allocate((int) files.entry(name).bytes());
      bytes.order(ByteOrder.LITTLE_ENDIAN);
      files.read(name, 0, bytes);
      float[] values = new float[(int) files.entry(name).size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = FloatCodec.get(bytes, i, files.entry(name).type());
      }
      return values;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "F64", "BF16"})
  void anAdapterOfAnyTypeOfRealNumbersIsLoadedAndMerged(DType type) throws IOException {
    Path before = merged();
    adapter.typed(WEIGHTS, type);
    assertThat(loaded()).isEqualTo(values);
    assertThat(
            Files.mismatch(
                merged().resolve("model.safetensors"), before.resolve("model.safetensors")))
        .isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "F64"})
  void anAdapterIsMergedIntoABaseInTheTypeOfTheBase(DType type) throws IOException {
    Path exact = merged();
    HubFolder base =
        HubFolder.copy(model, temporary.resolve("base")).typed("model.safetensors", type);
    Path half = merged(base.path(), adapter.path());
    String name = "model.layers.1.self_attn.q_proj.weight";
    try (WeightFiles files = ModelWeights.open(ModelDirectory.open(half))) {
      assertThat(files.names()).allMatch(one -> files.entry(one).type() == type);
    }
    float[] expected = tensor(exact, name);
    float[] found = tensor(half, name);
    float[] original = tensor(model, name);
    double moved = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-3f * (1 + Math.abs(expected[i]))));
      moved = Math.max(moved, Math.abs(found[i] - original[i]));
    }
    assertThat(moved).isGreaterThan(0.03);
  }

  @Test
  void aSumTooLargeForTheTypeOfTheBaseIsRefused() throws IOException {
    HubFolder base =
        HubFolder.copy(model, temporary.resolve("base")).typed("model.safetensors", DType.F16);
    adapter.json(SavedAdapter.CONFIG_FILE, json -> json.put("lora_alpha", 1e9));
    assertThatThrownBy(() -> merged(base.path(), adapter.path()))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContainingAll("F16 cannot hold", "BF16 or F32");
  }

  /** As transformers before 4.52 named the modules; the tensors have those names too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"(model\\\\.layers\\\\.\\\\d+\\\\.self_attn\\\\.q_proj|visual\\\\.blocks\\\\.\\\\d+\\\\.attn\\\\.qkv)\"",
        "[\"model.layers.0.self_attn.q_proj\",\"model.layers.1.self_attn.q_proj\","
            + "\"model.layers.2.self_attn.q_proj\",\"model.layers.3.self_attn.q_proj\","
            + "\"visual.blocks.0.attn.qkv\",\"visual.blocks.1.attn.qkv\","
            + "\"visual.blocks.2.attn.qkv\",\"visual.blocks.3.attn.qkv\"]"
      })
  void olderNamesOfTargetModulesAreUnderstood(String targets) throws IOException {
    Path before = merged();
    adapter.renamed(
        WEIGHTS,
        name ->
            name.replace("model.model.language_model.", "model.model.")
                .replace("model.model.visual.", "model.visual."));
    String config = Files.readString(adapter.path().resolve(SavedAdapter.CONFIG_FILE));
    adapter.text(
        SavedAdapter.CONFIG_FILE,
        config.replaceAll(
            "(?s)\"target_modules\" : \\[[^]]*]",
            Matcher.quoteReplacement("\"target_modules\" : " + targets)));
    assertThat(loaded()).isEqualTo(values);
    assertThat(
            Files.mismatch(
                merged().resolve("model.safetensors"), before.resolve("model.safetensors")))
        .isEqualTo(-1);
  }

  @Test
  void anExpressionThatNamesModulesByTheirCurrentNamesIsNotReadByTheOlderOnes() throws IOException {
    LoraConfig decoder =
        new LoraConfig(2, 3, TargetModules.Expression.of("(?!model\\.visual).*(q_proj|qkv)"));
    try (QwenPolicy policy = Policies.loadAdapted(model, new FreshAdapter(decoder, 1), 1)) {
      assertThat(policy.layout().parameters())
          .hasSize(8)
          .allMatch(one -> one.name().contains("language_model"));
    }
  }

  @Test
  void mergingAndLoadingRefuseAnAdapterWithoutAllItsTensors() throws IOException {
    adapter.without(WEIGHTS, name -> name.contains("layers.3."));
    assertRefused("lacks the tensor", "layers.3.self_attn.q_proj.lora_A.weight");
  }

  @Test
  void mergingAndLoadingRefuseTensorsOfOtherModules() throws IOException {
    adapter.json(
        SavedAdapter.CONFIG_FILE,
        json -> json.withArray("target_modules").removeAll().add("q_proj"));
    assertRefused("has tensors of no module that target_modules names", "attn.qkv");
  }

  @Test
  void mergingAndLoadingRefuseTargetsThatAreNoModules() throws IOException {
    adapter.json(
        SavedAdapter.CONFIG_FILE,
        json -> json.withArray("target_modules").removeAll().add("query"));
    assertRefused("target_modules (query) names no module");
  }

  @Test
  void mergingAndLoadingRefuseAnAdapterThatChangedItsBase() throws IOException {
    adapter.json(SavedAdapter.CONFIG_FILE, json -> json.put("init_lora_weights", "pissa"));
    assertRefused("pissa", "path_initial_model_for_weight_conversion");
  }

  private void assertRefused(String... parts) {
    for (ThrowingCallable use : List.<ThrowingCallable>of(this::loaded, this::merged)) {
      assertThatThrownBy(use)
          .isInstanceOfSatisfying(
              MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessageContainingAll(parts);
    }
  }

  /** Qwen3-VL's names never changed, but tools that rename all families alike exist. */
  @Test
  void anAdapterFitsABaseOfEitherNaming() throws IOException {
    for (String type : List.of("qwen2_vl", "qwen2_5_vl", "qwen3_vl")) {
      Path base = Golden.models(type).get(0);
      HubFolder saved = adapterOf(base, CONFIG);
      Path expected = merged(base, saved.path());
      for (HubNames names : List.of(HubNames.QWEN2, HubNames.QWEN3)) {
        HubFolder other =
            HubFolder.copy(base, Files.createTempDirectory(temporary, "base"))
                .renamed("model.safetensors", names::published);
        Path found = merged(other.path(), saved.path());
        assertThat(
                Files.mismatch(
                    found.resolve("model.safetensors"), expected.resolve("model.safetensors")))
            .as(type + " " + names)
            .isEqualTo(-1);
        try (SavedAdapter opened = SavedAdapter.open(saved.path());
            QwenPolicy policy = Policies.loadAdapted(other.path(), opened, 1)) {
          assertThat(policy.parameters()).isEqualTo(values);
        }
      }
    }
  }
}
