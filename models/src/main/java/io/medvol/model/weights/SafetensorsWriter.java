package io.medvol.model.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.model.tensor.DType;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Writes safetensors: equal tensors give equal bytes. Wide types come first and names are sorted,
 * so that every tensor is aligned to its type.
 */
public final class SafetensorsWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SafetensorsWriter() {}

  /** Gives the bytes of a tensor, row-major and little-endian, in any number of pieces. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A tensor to write. */
  public record Tensor(String name, DType type, List<Long> shape, Content content) {
    public Tensor {
      shape = List.copyOf(shape);
    }

    /** A part of an array as float32. */
    public static Tensor floats(String name, List<Long> shape, float[] values, int offset) {
      return new Tensor(name, DType.F32, shape, out -> write(values, offset, size(shape), out));
    }

    private long bytes() {
      return Math.multiplyExact(size(shape), (long) type.bytes());
    }
  }

  /** Writes all tensors; does not close the stream. */
  public static void write(List<Tensor> tensors, OutputStream out) throws IOException {
    List<Tensor> sorted = new ArrayList<>(tensors);
    sorted.sort(
        Comparator.comparingInt((Tensor tensor) -> -tensor.type().bytes())
            .thenComparing(Tensor::name));
    byte[] header = header(sorted);
    out.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .array());
    out.write(header);
    for (Tensor tensor : sorted) {
      CountingStream counted = new CountingStream(out);
      tensor.content().writeTo(counted);
      if (counted.count != tensor.bytes()) {
        throw new IllegalStateException(
            "Tensor " + tensor.name() + " gave " + counted.count + " bytes, not " + tensor.bytes());
      }
    }
  }

  /** JSON, filled up with spaces to a multiple of 8 bytes. */
  private static byte[] header(List<Tensor> tensors) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.putObject("__metadata__").put("format", "pt");
    long at = 0;
    for (Tensor tensor : tensors) {
      if (root.has(tensor.name())) {
        throw new IllegalArgumentException("Two tensors are named " + tensor.name());
      }
      ObjectNode entry = root.putObject(tensor.name());
      entry.put("dtype", tensor.type().name());
      var shape = entry.putArray("shape");
      tensor.shape().forEach(shape::add);
      entry.putArray("data_offsets").add(at).add(at + tensor.bytes());
      at += tensor.bytes();
    }
    byte[] json = JSON.writeValueAsBytes(root);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void write(float[] values, int offset, long size, OutputStream out)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    int end = Math.toIntExact(offset + size);
    for (int at = offset; at < end; ) {
      int count = Math.min(end - at, chunk.capacity() / Float.BYTES);
      chunk.asFloatBuffer().put(values, at, count);
      out.write(chunk.array(), 0, count * Float.BYTES);
      at += count;
    }
  }

  private static long size(List<Long> shape) {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Counts what passes. */
  private static final class CountingStream extends FilterOutputStream {
    private long count;

    CountingStream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count++;
    }

    @Override
    public void write(byte[] values, int offset, int length) throws IOException {
      out.write(values, offset, length);
      count += length;
    }
  }
}
