package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.AdapterSource;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.WeightFiles;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A reference model, loaded, with its cases; every token of it may be sampled. */
final class GoldenModel implements AutoCloseable {
  private static final String[] FAMILY = {"qwen2_vl", "qwen2_5_vl", "qwen3_vl"};

  private final Path folder;
  private final TorchRuntime runtime = TorchRuntime.open();
  private final FrozenWeights frozen = FrozenWeights.open();
  private final QwenNetwork network;

  private GoldenModel(Path folder, Optional<AdapterSource> adapter, WeightTypes types) {
    this.folder = folder;
    QwenConfig config =
        QwenConfigReader.read(Golden.json(folder.resolve("config.json")), "config.json");
    try (WeightFiles files = WeightFiles.open(ModelDirectory.open(folder).weightFiles())) {
      Weights weights = new Weights(runtime, files, types, adapter, frozen);
      this.network = new QwenNetwork(config, runtime, files, weights, types, 0);
    }
  }

  /** Folders of models of the family; each kind of it is in the bundled set. */
  static List<Path> folders() {
    if (Golden.isBundled()) {
      for (String type : FAMILY) {
        assertThat(Golden.models(type)).as(type).isNotEmpty();
      }
    }
    return Golden.models(FAMILY);
  }

  static GoldenModel open(Path folder) {
    return open(folder, WeightTypes.F32);
  }

  static GoldenModel open(Path folder, WeightTypes types) {
    TorchRuntime.setIntraOpThreads(1);
    return new GoldenModel(folder, Optional.empty(), types);
  }

  /** With the adapter of its case on adapters. */
  static GoldenModel openAdapted(Path folder) {
    TorchRuntime.setIntraOpThreads(1);
    try (SavedAdapter adapter = SavedAdapter.open(Golden.cases(folder).resolve("10_lora"))) {
      return new GoldenModel(folder, Optional.of(adapter), WeightTypes.F32);
    }
  }

  QwenNetwork network() {
    return network;
  }

  QwenConfig config() {
    return network.config();
  }

  TorchRuntime runtime() {
    return runtime;
  }

  Path folder() {
    return folder;
  }

  static boolean has(Path folder, String part) {
    return Files.exists(Golden.cases(folder).resolve(part + ".safetensors"));
  }

  /** The models that have this part; at least one in the bundled set. */
  static List<GoldenModel> with(List<GoldenModel> models, String part) {
    List<GoldenModel> found = models.stream().filter(model -> has(model.folder(), part)).toList();
    if (Golden.isBundled()) {
      assertThat(found).as("bundled case %s", part).isNotEmpty();
    }
    return found;
  }

  /** A part of this model's, or of the model whose name its own name extends. */
  GoldenTensors tensors(String part) {
    Path owner =
        Golden.models(FAMILY).stream()
            .filter(other -> folder.toString().startsWith(other.toString()) && has(other, part))
            .reduce((a, b) -> a.toString().length() > b.toString().length() ? a : b)
            .orElse(folder);
    assumeTrue(has(owner, part), () -> "The set given has no " + part);
    return Golden.tensors(Golden.cases(owner).resolve(part + ".safetensors"));
  }

  JsonNode meta(String part) {
    return Golden.json(Golden.cases(folder).resolve(part + ".json"));
  }

  /** The names before the first dot of tensors that end in this suffix. */
  static Stream<String> caseNames(GoldenTensors tensors, String suffix) {
    TreeSet<String> names = new TreeSet<>();
    for (String name : tensors.names()) {
      if (name.endsWith("." + suffix)) {
        names.add(name.substring(0, name.length() - suffix.length() - 1));
      }
    }
    return names.stream();
  }

  /** A sequence of a batch without its padding. */
  static int[] unpadded(int[] ids, int[] mask) {
    int[] kept = new int[Arrays.stream(mask).sum()];
    int at = 0;
    for (int i = 0; i < ids.length; i++) {
      if (mask[i] != 0) {
        kept[at++] = ids[i];
      }
    }
    return kept;
  }

  /** The pictures of a prompt: images, or videos with their seconds per frame. */
  static List<ImageGrid> grids(GoldenTensors vision, String prompt, GoldenTensors positions) {
    String stills = prompt + "image_grid_thw";
    int[] values = vision.ints(vision.has(stills) ? stills : prompt + "grid_thw");
    String seconds = prompt + "second_per_grid_ts";
    List<ImageGrid> grids = new ArrayList<>();
    for (int i = 0; i < values.length; i += 3) {
      double each = positions.has(seconds) ? positions.floats(seconds)[i / 3] : 1;
      grids.add(new ImageGrid(values[i], values[i + 1], values[i + 2], each));
    }
    return grids;
  }

  /** The rows of a batch stored under a prefix such as {@code "three."} or {@code ""}. */
  List<EncodedPrompt> batch(GoldenTensors tensors, String prefix) {
    long[] shape = tensors.shape(prefix + "input_ids");
    int[] ids = tensors.ints(prefix + "input_ids");
    int[] mask = tensors.ints(prefix + "attention_mask");
    int length = (int) shape[1];
    List<EncodedPrompt> rows = new ArrayList<>();
    for (int row = 0; row < shape[0]; row++) {
      rows.add(
          prompt(
              unpadded(
                  Arrays.copyOfRange(ids, row * length, (row + 1) * length),
                  Arrays.copyOfRange(mask, row * length, (row + 1) * length))));
    }
    return rows;
  }

  /**
   * A sequence with the pictures of the single prompt it begins with: pixel values are stored once,
   * under the names of the prompts.
   */
  EncodedPrompt prompt(int[] ids) {
    GoldenTensors positions = tensors("04_positions");
    GoldenTensors vision = tensors("05_vision");
    for (String name : caseNames(positions, "input_ids").toList()) {
      int[] start = positions.ints(name + ".input_ids");
      boolean single = positions.shape(name + ".input_ids")[0] == 1;
      if (single
          && start.length <= ids.length
          && Arrays.equals(start, Arrays.copyOf(ids, start.length))) {
        return vision.has(name + ".pixel_values")
            ? new EncodedPrompt(
                TokenIds.of(ids),
                vision.floats(name + ".pixel_values"),
                grids(vision, name + ".", positions))
            : new EncodedPrompt(TokenIds.of(ids), new float[0], List.of());
      }
    }
    throw new AssertionError("No prompt of " + folder + " begins a sequence of " + ids.length);
  }

  /** The head of a sequence as a prompt, the rest as a completion. */
  PackedGroup split(EncodedPrompt sequence, int promptLength) {
    int[] ids = sequence.tokens().toArray();
    EncodedPrompt prompt =
        new EncodedPrompt(
            TokenIds.of(Arrays.copyOf(ids, promptLength)),
            sequence.pixelValues(),
            sequence.grids());
    return new PackedGroup(
        Prompt.of(config(), prompt),
        List.of(TokenIds.of(Arrays.copyOfRange(ids, promptLength, ids.length))));
  }

  @Override
  public void close() {
    network.close();
    runtime.close();
    frozen.close();
  }

  /** Holds two arrays to a tolerance; a failure names the largest difference, not every value. */
  static void assertClose(float[] actual, float[] expected, float tolerance, String what) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
    }
    assertThat(worst).as(what).isLessThan(tolerance);
  }
}
