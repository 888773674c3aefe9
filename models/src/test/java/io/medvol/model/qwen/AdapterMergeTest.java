package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.error.MedVolException;
import io.medvol.model.Policies;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.AdapterFiles;
import io.medvol.model.lora.FreshAdapter;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.ModuleName;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.lora.TargetModules;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.tensor.DType;
import io.medvol.model.weights.WeightFiles;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class AdapterMergeTest {
  private static final LoraConfig CONFIG =
      new LoraConfig(2, 3, new TargetModules.Suffixes(List.of("q_proj", "down_proj")));
  private static final List<TokenIds> ANSWERS =
      List.of(TokenIds.of(40, 41, 42), TokenIds.of(50, 51));

  @TempDir private Path folder;

  private static Path merge(Path model, Path adapter, Path into) throws IOException {
    ModelDirectory base = ModelDirectory.open(model);
    base.copySideFiles(into);
    try (SavedAdapter saved = SavedAdapter.open(adapter);
        OutputStream out = Files.newOutputStream(into.resolve("model.safetensors"))) {
      AdapterMerge.write(base, saved, out);
    }
    return into;
  }

  @TestFactory
  Stream<DynamicTest> theMergedModelAnswersAsTheAdaptedOne() {
    return GoldenModel.folders().stream()
        .filter(model -> GoldenModel.has(model, "10_lora"))
        .map(
            model ->
                DynamicTest.dynamicTest(model.getFileName().toString(), () -> checkMerged(model)));
  }

  private void checkMerged(Path model) throws IOException {
    Path adapter = Golden.cases(model).resolve("10_lora");
    Path merged = merge(model, adapter, folder.resolve(model.getFileName()));
    try (SavedAdapter saved = SavedAdapter.open(adapter);
        PolicyModel adapted = Policies.loadAdapted(model, saved, 1);
        PolicyModel whole = Policies.load(merged, TrainableParameters.LANGUAGE_MODEL);
        PolicyModel base = Policies.load(model, TrainableParameters.LANGUAGE_MODEL)) {
      EncodedPrompt prompt = base.encode(QwenPolicyTest.question(2));
      double moved = 0;
      for (int i = 0; i < ANSWERS.size(); i++) {
        TokenValues expected = adapted.logProbs(prompt, ANSWERS, 1).get(i);
        TokenValues found = whole.logProbs(prompt, ANSWERS, 1).get(i);
        TokenValues before = base.logProbs(prompt, ANSWERS, 1).get(i);
        for (int t = 0; t < expected.length(); t++) {
          assertThat(found.at(t)).isCloseTo(expected.at(t), within(1e-4));
          moved = Math.max(moved, Math.abs(expected.at(t) - before.at(t)));
        }
      }
      assertThat(moved).isGreaterThan(1e-3);
    }
  }

  /** Values of the merged weight lie within half a step of the exact sum. */
  @TestFactory
  Stream<DynamicTest> weightsKeepTheirTypeAndAreRoundedToTheNearest() {
    return GoldenModel.folders().stream()
        .map(
            model ->
                DynamicTest.dynamicTest(
                    model.getFileName().toString(), () -> checkRounding(model)));
  }

  private void checkRounding(Path model) throws IOException {
    Path adapter = folder.resolve("adapter-of-" + model.getFileName());
    try (QwenPolicy adapted = Policies.loadAdapted(model, new FreshAdapter(CONFIG, 1), 1)) {
      float[] values = adapted.parameters();
      for (int i = 0; i < values.length; i++) {
        values[i] += (i % 13 - 6) / 200f;
      }
      AdapterFiles.write(CONFIG, "base", adapted.layout(), values, adapter);
    }
    Path merged = merge(model, adapter, folder.resolve("merged-" + model.getFileName()));
    int changed = 0;
    try (SavedAdapter saved = SavedAdapter.open(adapter);
        WeightFiles before = WeightFiles.open(ModelDirectory.open(model).weightFiles());
        WeightFiles after = WeightFiles.open(ModelDirectory.open(merged).weightFiles())) {
      assertThat(after.names()).isEqualTo(before.names());
      for (String name : before.names()) {
        assertThat(after.entry(name).type()).isEqualTo(before.entry(name).type());
        ModuleName module = HubNames.module(HubNames.moduleOf(name));
        if (!CONFIG.targets().matches(module.current()) || !name.endsWith(".weight")) {
          assertThat(bytes(after, name)).as(name).isEqualTo(bytes(before, name));
          continue;
        }
        changed++;
        int out = before.entry(name).shape().get(0).intValue();
        int in = before.entry(name).shape().get(1).intValue();
        float[] down = saved.down(module, in);
        float[] up = saved.up(module, out);
        boolean rounded = before.entry(name).type() == DType.BF16;
        for (int at = 0; at < out * in; at += 7) {
          double sum = value(before, name, at);
          for (int r = 0; r < CONFIG.rank(); r++) {
            sum += CONFIG.scale() * up[at / in * CONFIG.rank() + r] * down[r * in + at % in];
          }
          double error =
              rounded ? Math.scalb(0.51, Math.getExponent(sum) - 7) : 1e-6 * (1 + Math.abs(sum));
          assertThat(value(after, name, at)).as(name).isCloseTo(sum, within(error));
        }
      }
    }
    assertThat(changed).isPositive();
  }

  private static ByteBuffer bytes(WeightFiles files, String name) {
    ByteBuffer bytes = ByteBuffer.allocate((int) files.entry(name).bytes());
    files.read(name, 0, bytes);
    return bytes.flip();
  }

  private static double value(WeightFiles files, String name, int at) {
    ByteBuffer bytes = bytes(files, name).order(ByteOrder.LITTLE_ENDIAN);
    return files.entry(name).type() == DType.BF16
        ? Float.intBitsToFloat(bytes.getShort(2 * at) << 16)
        : bytes.getFloat(4 * at);
  }

  @Test
  void anAdapterOfAnotherModelIsRefused() {
    List<Path> models = GoldenModel.folders();
    Path adapter = Golden.cases(Golden.models("qwen3_vl").get(0)).resolve("10_lora");
    Path other = Golden.models("qwen2_vl").get(0);
    assertThat(models).contains(other);
    assertThatThrownBy(() -> merge(other, adapter, folder.resolve("never")))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("adapter");
  }
}
