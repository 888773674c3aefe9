package io.medvol.bench.large;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.tensor.DType;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.model.weights.SafetensorsWriter.Tensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes a Qwen2-VL directory with random weights, tokenizer and image processor being those of
 * another model: shards with an index, as the hub has them. Takes a few megabytes of memory
 * whatever the size. Equal shapes and seeds give equal bytes.
 */
final class RandomModel {
  private static final long SHARD_BYTES = 4L << 30;
  private static final int LARGEST_PICTURE = 12_845_056;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final double SPREAD = 0.02 * Math.sqrt(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ModelSizes sizes;
  private final DType type;
  private final long seed;
  private final List<Tensor> tensors = new ArrayList<>();

  /**
   * @param type F32 or BF16
   */
  RandomModel(ModelSizes sizes, DType type, long seed) {
    this.sizes = sizes;
    this.type = type;
    this.seed = seed;
    decoder();
    vision();
  }

  /** Writes everything into a folder, which is made if absent. */
  void write(ModelDirectory from, Path folder) throws IOException {
    Files.createDirectories(folder);
    from.copySideFiles(folder);
    ObjectNode config = (ObjectNode) from.config().deepCopy();
    sizes.applyTo(config);
    config.put("torch_dtype", type == DType.BF16 ? "bfloat16" : "float32");
    Files.writeString(
        folder.resolve("config.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config));
    // Pictures keep the size they are given in.
    ObjectNode images = (ObjectNode) from.preprocessorConfig();
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        images.put("max_pixels", LARGEST_PICTURE).toPrettyString());
    List<List<Tensor>> shards = shards();
    ObjectNode index = JSON.createObjectNode();
    index.putObject("metadata").put("total_size", tensors.stream().mapToLong(this::bytes).sum());
    ObjectNode places = index.putObject("weight_map");
    for (int i = 0; i < shards.size(); i++) {
      String name = String.format("model-%05d-of-%05d.safetensors", i + 1, shards.size());
      shards.get(i).forEach(tensor -> places.put(tensor.name(), name));
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(folder.resolve(name)), CHUNK_BYTES)) {
        SafetensorsWriter.write(shards.get(i), out);
      }
    }
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(index));
  }

  private List<List<Tensor>> shards() {
    List<List<Tensor>> shards = new ArrayList<>();
    long room = 0;
    for (Tensor tensor : tensors) {
      if (bytes(tensor) > room) {
        shards.add(new ArrayList<>());
        room = SHARD_BYTES;
      }
      shards.get(shards.size() - 1).add(tensor);
      room -= bytes(tensor);
    }
    return shards;
  }

  private long bytes(Tensor tensor) {
    return tensor.shape().stream().reduce((long) type.bytes(), Math::multiplyExact);
  }

  private void decoder() {
    int hidden = sizes.hidden();
    long keys = (long) hidden / sizes.heads() * sizes.keyValueHeads();
    random("model.embed_tokens.weight", sizes.vocabulary(), hidden);
    for (int i = 0; i < sizes.layers(); i++) {
      String layer = "model.layers." + i + ".";
      constant(layer + "input_layernorm.weight", 1, hidden);
      constant(layer + "post_attention_layernorm.weight", 1, hidden);
      biased(layer + "self_attn.q_proj", hidden, hidden);
      biased(layer + "self_attn.k_proj", keys, hidden);
      biased(layer + "self_attn.v_proj", keys, hidden);
      random(layer + "self_attn.o_proj.weight", hidden, hidden);
      random(layer + "mlp.gate_proj.weight", sizes.intermediate(), hidden);
      random(layer + "mlp.up_proj.weight", sizes.intermediate(), hidden);
      random(layer + "mlp.down_proj.weight", hidden, sizes.intermediate());
    }
    constant("model.norm.weight", 1, hidden);
  }

  private void vision() {
    long width = sizes.visionHidden();
    long inner = width * sizes.visionRatio();
    long merged = 4 * width;
    random("visual.patch_embed.proj.weight", width, 3, 2, 14, 14);
    for (int i = 0; i < sizes.visionDepth(); i++) {
      String block = "visual.blocks." + i + ".";
      for (String norm : List.of("norm1", "norm2")) {
        constant(block + norm + ".weight", 1, width);
        constant(block + norm + ".bias", 0, width);
      }
      biased(block + "attn.qkv", 3 * width, width);
      biased(block + "attn.proj", width, width);
      biased(block + "mlp.fc1", inner, width);
      biased(block + "mlp.fc2", width, inner);
    }
    constant("visual.merger.ln_q.weight", 1, width);
    constant("visual.merger.ln_q.bias", 0, width);
    biased("visual.merger.mlp.0", merged, merged);
    biased("visual.merger.mlp.2", sizes.hidden(), merged);
  }

  private void biased(String name, long out, long in) {
    random(name + ".weight", out, in);
    constant(name + ".bias", 0, out);
  }

  private void random(String name, long... shape) {
    short[] values = new short[1 << 16];
    long tensorSeed = seed * 31 + name.hashCode();
    add(
        name,
        shape,
        (sink, count) -> {
          SplittableRandom random = new SplittableRandom(tensorSeed);
          for (int i = 0; i < values.length; i++) {
            values[i] = bits((float) ((i / 32768.0 - 1) * SPREAD));
          }
          for (long i = 0; i < count; i += 4) {
            long draw = random.nextLong();
            for (int j = 0; j < Math.min(4, count - i); j++) {
              sink.put(values[(int) (draw >>> 16 * j) & 0xffff]);
            }
          }
        });
  }

  private void constant(String name, float value, long... shape) {
    add(
        name,
        shape,
        (sink, count) -> {
          for (long i = 0; i < count; i++) {
            sink.put(bits(value));
          }
        });
  }

  private interface Values {
    void writeTo(Sink sink, long count) throws IOException;
  }

  private void add(String name, long[] shape, Values values) {
    List<Long> sizes = new ArrayList<>();
    long count = 1;
    for (long size : shape) {
      sizes.add(size);
      count *= size;
    }
    long all = count;
    tensors.add(
        new Tensor(
            name,
            type,
            sizes,
            out -> {
              Sink sink = new Sink(out, type);
              values.writeTo(sink, all);
              sink.flush();
            }));
  }

  /** The upper half of a float32: bfloat16, cut and not rounded. */
  private static short bits(float value) {
    return (short) (Float.floatToRawIntBits(value) >>> 16);
  }

  /** Writes bfloat16 values as they are or as float32. */
  private static final class Sink {
    private final OutputStream out;
    private final DType type;
    private final ByteBuffer chunk =
        ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    Sink(OutputStream out, DType type) {
      this.out = out;
      this.type = type;
    }

    void put(short value) throws IOException {
      if (chunk.remaining() < Float.BYTES) {
        flush();
      }
      if (type == DType.F32) {
        chunk.putShort((short) 0);
      }
      chunk.putShort(value);
    }

    void flush() throws IOException {
      out.write(chunk.array(), 0, chunk.position());
      chunk.clear();
    }
  }
}
