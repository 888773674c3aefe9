package io.medvol.model.fuzz;

import io.medvol.model.Policies;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.fuzz.ReaderFuzz.Reader;
import io.medvol.model.fuzz.ReaderFuzz.Target;
import io.medvol.model.image.ImageProcessor;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.pickle.CheckpointTensors;
import io.medvol.model.pickle.TorchCheckpoint;
import io.medvol.model.policy.RgbImage;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.SafetensorsFile;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import io.medvol.model.weights.TensorEntry;
import io.medvol.testing.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files this module reads, each with its reader, in a folder of their own. */
public final class ReaderTargets implements AutoCloseable {
  private static final List<String> HEADER_WORDS =
      List.of(
          "\"dtype\":\"F32\"",
          "BF16",
          "F64",
          "\"shape\":[",
          "\"data_offsets\":[0,",
          "__metadata__");
  private static final List<String> CONFIG_WORDS =
      List.of(
          "qwen2_vl",
          "qwen2_5_vl",
          "qwen3_vl",
          "silu",
          "gelu",
          "default",
          "mrope",
          "\"rope_theta\":");
  private static final List<String> ADAPTER_WORDS =
      List.of(
          "all-linear",
          "(a*)*b",
          "(.*)*x",
          "((((",
          "[",
          "\\\\",
          "(x+x+)+y",
          "q_proj",
          "LORA",
          "DORA");
  private final Path folder;
  private final TorchRuntime runtime = TorchRuntime.open();

  /**
   * @param folder for the files; must exist
   */
  public ReaderTargets(Path folder) {
    this.folder = folder;
  }

  /** All targets. */
  public List<Target> all() throws IOException {
    List<Target> targets = new ArrayList<>();
    Path weights = folder.resolve("one.safetensors");
    targets.add(
        new Target(
            "safetensors", weights, smallWeights(), HEADER_WORDS, 300, () -> readAll(weights)));
    List<Checkpoint> checkpoints = new ArrayList<>();
    for (Path sound : Checkpoint.golden()) {
      checkpoints.add(Checkpoint.read(sound));
    }
    checkpoints.add(Checkpoint.deep());
    for (Checkpoint checkpoint : checkpoints) {
      Path file = folder.resolve(checkpoint.name());
      Reader reader = () -> readCheckpoint(file);
      targets.add(new Target(".pt", file, checkpoint.archive(), Checkpoint.WORDS, 120, reader));
      // Most damage to an archive never reaches the pickle in it.
      targets.add(
          new Target(
              ".pt, its pickle",
              file,
              checkpoint.pickle(),
              Checkpoint.WORDS,
              120,
              checkpoint::with,
              reader));
    }
    Path sharded =
        Golden.models("qwen2_vl").stream()
            .filter(ReaderTargets::isSharded)
            .findFirst()
            .orElseThrow();
    targets.add(
        target(
            copy(sharded, "index"),
            "model.safetensors.index.json",
            HEADER_WORDS,
            60,
            root -> ModelDirectory.open(root).weightFiles()));
    for (Path model : Golden.models("qwen2_vl", "qwen2_5_vl", "qwen3_vl")) {
      String name = model.getFileName().toString();
      targets.add(
          target(
              copy(model, "config-" + name),
              "config.json",
              CONFIG_WORDS,
              60,
              root -> Policies.shape(root).parameters()));
    }
    Path model = Golden.models("qwen3_vl").get(0);
    targets.add(
        target(
            copy(model, "preprocessor"),
            "preprocessor_config.json",
            List.of("shortest_edge", "min_pixels", "image_mean"),
            100,
            root ->
                ImageProcessor.open(ModelDirectory.open(root))
                    .process(List.of(new RgbImage(16, 24, new byte[16 * 24 * 3])))));
    targets.addAll(new ProgramTargets(this, model).all());
    targets.add(
        target(
            copy(model, "generation"),
            "generation_config.json",
            List.of("eos_token_id"),
            15,
            ProgramTargets::tokenise));
    targets.add(
        target(
            copy(model, "template"),
            "tokenizer_config.json",
            List.of("{%", "%}", "{{", "}}", "chat_template"),
            40,
            ProgramTargets::render));
    Path adapter = Files.createDirectories(folder.resolve("adapter"));
    Files.write(adapter.resolve(SavedAdapter.WEIGHT_FILE), smallWeights());
    Path settings = adapter.resolve(SavedAdapter.CONFIG_FILE);
    byte[] original =
        ("{\"peft_type\": \"LORA\", \"r\": 8, \"lora_alpha\": 16, \"target_modules\": \"model.*q_proj\","
                + " \"bias\": \"none\", \"use_rslora\": false, \"use_dora\": false}")
            .getBytes(StandardCharsets.UTF_8);
    Files.write(settings, original);
    targets.add(
        new Target(
            "adapter_config.json",
            settings,
            original,
            ADAPTER_WORDS,
            100,
            () -> readAdapter(adapter)));
    for (String file : List.of("config.json", "model.safetensors")) {
      targets.add(
          target(
              copy(model, "whole-" + file),
              file,
              CONFIG_WORDS,
              2,
              "whole model, " + file,
              root -> Policies.load(root, TrainableParameters.ALL).close()));
    }
    return targets;
  }

  interface FolderReader {
    void read(Path root) throws IOException;
  }

  static Target target(
      Path root, String file, List<String> vocabulary, int weight, FolderReader reader)
      throws IOException {
    return target(root, file, vocabulary, weight, file, reader);
  }

  static Target target(
      Path root, String file, List<String> vocabulary, int weight, String name, FolderReader reader)
      throws IOException {
    Path path = root.resolve(file);
    byte[] original = Files.readAllBytes(path);
    Reader bound = () -> reader.read(root);
    return new Target(name, path, original, vocabulary, weight, bound);
  }

  private static void readAll(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      for (TensorEntry entry : file.entries().values()) {
        file.read(entry, 0, ByteBuffer.allocate(Math.toIntExact(entry.bytes())));
      }
    }
  }

  private void readCheckpoint(Path file) {
    try (TorchCheckpoint checkpoint = TorchCheckpoint.open(file);
        TensorScope scope = runtime.storage()) {
      CheckpointTensors.load(checkpoint, runtime, scope);
    }
  }

  private static void readAdapter(Path root) {
    try (SavedAdapter adapter = SavedAdapter.open(root)) {
      adapter.config().targets().matches("model.language_model.layers.0.self_attn.q_proj");
    }
  }

  private static boolean isSharded(Path model) {
    return Files.exists(model.resolve("model.safetensors.index.json"));
  }

  Path copy(Path model, String name) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private static byte[] smallWeights() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      DType type = List.of(DType.F32, DType.BF16, DType.I64).get(i % 3);
      byte[] content = new byte[6 * type.bytes()];
      tensors.add(
          new Tensor(
              "layer." + i + ".weight", type, List.of(2L, 3L), sink -> write(sink, content)));
    }
    SafetensorsWriter.write(tensors, out);
    return out.toByteArray();
  }

  private static void write(OutputStream sink, byte[] content) throws IOException {
    sink.write(content);
  }

  @Override
  public void close() {
    runtime.close();
  }
}
