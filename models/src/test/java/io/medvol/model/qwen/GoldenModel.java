package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.TreeSet;
import java.util.stream.Stream;

/** A reference model, loaded, with its cases; every token of it may be sampled. */
final class GoldenModel implements AutoCloseable {
  private final Path folder;
  private final TorchRuntime runtime = TorchRuntime.open();
  private final QwenNetwork network;

  private GoldenModel(Path folder, String configFile) {
    this.folder = folder;
    QwenConfig config = QwenConfigReader.read(Golden.json(folder.resolve(configFile)), configFile);
    try (WeightFiles files = WeightFiles.open(List.of(folder.resolve("model.safetensors")))) {
      this.network = new QwenNetwork(config, runtime, files);
    }
  }

  /** Folders of Qwen3-VL models; at least one in the bundled set. */
  static List<Path> folders() {
    List<Path> folders = Golden.models("qwen3_vl");
    if (Golden.isBundled()) {
      assertThat(folders).isNotEmpty();
    }
    return folders;
  }

  static GoldenModel open(Path folder) {
    TorchRuntime.setIntraOpThreads(1);
    return new GoldenModel(folder, "config.json");
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
    boolean found = Files.exists(folder.resolve("cases/" + part + ".safetensors"));
    if (Golden.isBundled()) {
      assertThat(found).as("bundled case %s", part).isTrue();
    }
    return found;
  }

  GoldenTensors tensors(String part) {
    assumeTrue(has(folder, part), () -> "The set given has no " + part);
    return Golden.tensors(folder.resolve("cases/" + part + ".safetensors"));
  }

  JsonNode meta(String part) {
    return Golden.json(folder.resolve("cases/" + part + ".json"));
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

  static List<ImageGrid> grids(int[] values) {
    List<ImageGrid> grids = new ArrayList<>();
    for (int i = 0; i < values.length; i += 3) {
      grids.add(new ImageGrid(values[i], values[i + 1], values[i + 2]));
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
                grids(vision.ints(name + ".image_grid_thw")))
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
  }
}
