package io.medvol.grpo.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.rollout.trajectory.FloatVector;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Named float vectors of one length as a safetensors file. */
final class VectorFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_HEADER = 1 << 16;
  private static final int CHUNK = 1 << 16;

  private VectorFile() {}

  static void write(Map<String, FloatVector> vectors, OutputStream out) throws IOException {
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    vectors.forEach(
        (name, vector) ->
            tensors.add(
                SafetensorsWriter.Tensor.floats(
                    name, List.of((long) vector.length()), vector.array(), 0)));
    SafetensorsWriter.write(tensors, out);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param length values of each vector; another length is refused before memory is taken
   */
  static Map<String, FloatVector> read(InputStream in, int length) throws IOException {
    DataInputStream data = new DataInputStream(in);
    long headerBytes = Long.reverseBytes(data.readLong());
    if (headerBytes < 2 || headerBytes > MAX_HEADER) {
      throw new IOException("a header of " + headerBytes + " bytes");
    }
    byte[] header = new byte[(int) headerBytes];
    data.readFully(header);
    JsonNode entries = JSON.readTree(header);
    TreeMap<Long, String> order = new TreeMap<>();
    var names = entries.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!name.equals("__metadata__")) {
        requireLength(name, entries.get(name), length);
        order.put(entries.get(name).get("data_offsets").get(0).asLong(), name);
      }
    }
    Map<String, FloatVector> vectors = new TreeMap<>();
    long at = 0;
    for (Map.Entry<Long, String> entry : order.entrySet()) {
      if (entry.getKey() != at) {
        throw new IOException("a gap before " + entry.getValue());
      }
      vectors.put(entry.getValue(), FloatVector.wrap(floats(data, length)));
      at += 4L * length;
    }
    return vectors;
  }

  private static void requireLength(String name, JsonNode entry, int length) throws IOException {
    boolean asExpected =
        entry.path("dtype").asText().equals("F32")
            && entry.path("shape").size() == 1
            && entry.path("shape").get(0).asLong() == length
            && entry.path("data_offsets").size() == 2;
    if (!asExpected) {
      throw new IOException(name + " is not " + length + " float32 values: " + entry);
    }
  }

  private static float[] floats(InputStream in, int length) throws IOException {
    float[] values = new float[length];
    byte[] chunk = new byte[CHUNK];
    for (int from = 0; from < length; from += CHUNK / 4) {
      int count = Math.min(CHUNK / 4, length - from);
      if (in.readNBytes(chunk, 0, count * 4) < count * 4) {
        throw new EOFException("ends after " + from + " of " + length + " values");
      }
      ByteBuffer.wrap(chunk)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values, from, count);
    }
    return values;
  }
}
