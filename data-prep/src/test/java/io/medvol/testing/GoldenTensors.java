package io.medvol.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tensors of one reference file, read without any tensor library: an independent reader keeps
 * the tests honest about ours.
 */
public final class GoldenTensors {
  private record Entry(String type, long[] shape, int begin, int end) {}

  private final Path file;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final ByteBuffer data;

  private GoldenTensors(Path file, ByteBuffer all, JsonNode header, int dataStart) {
    this.file = file;
    this.data = all.slice(dataStart, all.capacity() - dataStart).order(ByteOrder.LITTLE_ENDIAN);
    for (Iterator<Map.Entry<String, JsonNode>> it = header.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      if (field.getKey().equals("__metadata__")) {
        continue;
      }
      JsonNode shape = field.getValue().get("shape");
      long[] sizes = new long[shape.size()];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = shape.get(i).asLong();
      }
      JsonNode offsets = field.getValue().get("data_offsets");
      entries.put(
          field.getKey(),
          new Entry(
              field.getValue().get("dtype").asText(),
              sizes,
              offsets.get(0).asInt(),
              offsets.get(1).asInt()));
    }
  }

  static GoldenTensors read(Path file) {
    try {
      ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int headerLength = Math.toIntExact(all.getLong(0));
      byte[] header = new byte[headerLength];
      all.get(8, header);
      return new GoldenTensors(
          file,
          all,
          new ObjectMapper().readTree(new String(header, StandardCharsets.UTF_8)),
          8 + headerLength);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Set<String> names() {
    return entries.keySet();
  }

  public boolean has(String name) {
    return entries.containsKey(name);
  }

  public long[] shape(String name) {
    return entry(name).shape().clone();
  }

  /** Of float32, or of bfloat16 widened. */
  public float[] floats(String name) {
    if (entry(name).type().equals("BF16")) {
      ByteBuffer halves = slice(entry(name));
      float[] values = new float[halves.remaining() / Short.BYTES];
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.intBitsToFloat(halves.getShort() << Short.SIZE);
      }
      return values;
    }
    ByteBuffer bytes = bytesOf(name, "F32");
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  public double[] doubles(String name) {
    ByteBuffer bytes = bytesOf(name, "F64");
    double[] values = new double[bytes.remaining() / Double.BYTES];
    bytes.asDoubleBuffer().get(values);
    return values;
  }

  /** Values of any integer type, booleans as 0 and 1. */
  public long[] longs(String name) {
    Entry entry = entry(name);
    ByteBuffer bytes = slice(entry);
    int width =
        switch (entry.type()) {
          case "I64" -> 8;
          case "I32" -> 4;
          case "I16" -> 2;
          case "U8", "I8", "BOOL" -> 1;
          default -> throw unexpected(name, entry, "an integer type");
        };
    long[] values = new long[bytes.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (entry.type()) {
            case "I64" -> bytes.getLong(i * 8);
            case "I32" -> bytes.getInt(i * 4);
            case "I16" -> bytes.getShort(i * 2);
            case "I8" -> bytes.get(i);
            default -> bytes.get(i) & 0xff;
          };
    }
    return values;
  }

  public int[] ints(String name) {
    long[] wide = longs(name);
    int[] values = new int[wide.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.toIntExact(wide[i]);
    }
    return values;
  }

  public byte[] bytes(String name) {
    ByteBuffer bytes = bytesOf(name, "U8");
    byte[] values = new byte[bytes.remaining()];
    bytes.get(values);
    return values;
  }

  /** The bytes as the file holds them, of any type. */
  public byte[] raw(String name) {
    ByteBuffer bytes = slice(entry(name));
    byte[] values = new byte[bytes.remaining()];
    bytes.get(values);
    return values;
  }

  private ByteBuffer bytesOf(String name, String type) {
    Entry entry = entry(name);
    if (!entry.type().equals(type)) {
      throw unexpected(name, entry, type);
    }
    return slice(entry);
  }

  private ByteBuffer slice(Entry entry) {
    return data.slice(entry.begin(), entry.end() - entry.begin()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new AssertionError(file + " has no tensor " + name + "; it has " + entries.keySet());
    }
    return entry;
  }

  private AssertionError unexpected(String name, Entry entry, String wanted) {
    return new AssertionError(file + ": " + name + " is " + entry.type() + ", not " + wanted);
  }
}
