package io.medvol.model.lora;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.weights.FloatCodec;
import io.medvol.model.weights.TensorEntry;
import io.medvol.model.weights.WeightFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An adapter in a folder as peft saves it: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}, in any type of real numbers. Modules may have the names of
 * transformers since 4.52 or, as older adapters do, those before. {@link #close} closes the files.
 */
public final class SavedAdapter implements AdapterSource, AutoCloseable {
  public static final String CONFIG_FILE = "adapter_config.json";
  public static final String WEIGHT_FILE = "adapter_model.safetensors";

  private final Path folder;
  private final LoraConfig config;
  private final WeightFiles files;
  private final Set<String> used = new HashSet<>();

  private SavedAdapter(Path folder, LoraConfig config, WeightFiles files) {
    this.folder = folder;
    this.config = config;
    this.files = files;
  }

  /**
   * Opens an adapter.
   *
   * @throws MedVolException INVALID_INPUT if a file is missing or asks for what is not supported,
   *     MALFORMED_DATA if the weights cannot be read
   */
  public static SavedAdapter open(Path folder) {
    LoraConfig config = AdapterConfigFile.read(folder.resolve(CONFIG_FILE));
    return new SavedAdapter(folder, config, WeightFiles.open(List.of(folder.resolve(WEIGHT_FILE))));
  }

  @Override
  public LoraConfig config() {
    return config;
  }

  @Override
  public float[] down(ModuleName module, int in) {
    return values(
        AdapterNames.down(module.current()),
        AdapterNames.down(module.older()),
        (long) config.rank(),
        (long) in);
  }

  @Override
  public float[] up(ModuleName module, int out) {
    return values(
        AdapterNames.up(module.current()),
        AdapterNames.up(module.older()),
        (long) out,
        (long) config.rank());
  }

  private float[] values(String name, String olderName, Long... shape) {
    String found = files.has(name) || !files.has(olderName) ? name : olderName;
    if (!files.has(found)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The adapter " + folder + " lacks the tensor " + found + " of a module it targets");
    }
    TensorEntry entry = files.entry(found);
    if (!entry.shape().equals(List.of(shape))) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Tensor "
              + found
              + " of the adapter "
              + folder
              + " has the shape "
              + entry.shape()
              + ": expected "
              + List.of(shape)
              + " for this model and its r of "
              + config.rank());
    }
    used.add(found);
    return floats(entry);
  }

  private float[] floats(TensorEntry entry) {
    if (!FloatCodec.isReal(entry.type())) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Tensor "
              + entry.name()
              + " of the adapter "
              + folder
              + " has the type "
              + entry.type()
              + ": expected F32, BF16, F16 or F64");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(entry.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    files.read(entry.name(), 0, bytes);
    float[] values = new float[Math.toIntExact(entry.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = FloatCodec.get(bytes, i, entry.type());
    }
    return values;
  }

  @Override
  public void requireOnly(Set<String> modules) {
    Set<String> others = new HashSet<>(files.names());
    others.removeAll(used);
    if (!others.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The adapter "
              + folder
              + " has tensors of no module that target_modules names in this model, such as "
              + others.stream().sorted().findFirst().orElseThrow());
    }
  }

  @Override
  public void close() {
    files.close();
  }
}
