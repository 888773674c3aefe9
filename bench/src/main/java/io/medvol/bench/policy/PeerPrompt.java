package io.medvol.bench.policy;

import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.RgbImage;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import io.medvol.model.weights.SafetensorsFile;
import io.medvol.model.weights.TensorEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A prompt of slices, with answers and the log-probabilities the peer gives them. */
final class PeerPrompt {
  private static final String QUESTION =
      "On which slice of the axial series does the liver appear largest?";

  private final byte[] slices;
  private final int[] shape;
  private final int[] ids;
  private final float[] pixels;
  private final List<TokenIds> completions = new ArrayList<>();
  private final List<TokenValues> logProbs = new ArrayList<>();

  private PeerPrompt(SafetensorsFile file) {
    TensorEntry volume = file.entries().get("slices");
    shape = volume.shape().stream().mapToInt(Long::intValue).toArray();
    slices = bytes(file, "slices").array();
    ids = longs(file, "input_ids");
    pixels = floats(file, "pixel_values");
    int[] tokens = longs(file, "completions");
    float[] scores = floats(file, "log_probs");
    int group = file.entries().get("completions").shape().get(0).intValue();
    int length = tokens.length / group;
    for (int i = 0; i < group; i++) {
      completions.add(TokenIds.of(Arrays.copyOfRange(tokens, i * length, (i + 1) * length)));
      double[] values = new double[length];
      for (int t = 0; t < length; t++) {
        values[t] = scores[i * length + t];
      }
      logProbs.add(TokenValues.of(values));
    }
  }

  /** Reads {@code prompt-<slices>.safetensors} of the peer's folder. */
  static PeerPrompt read(Path model, int slices) {
    try (SafetensorsFile file =
        SafetensorsFile.open(model.resolve("prompt-" + slices + ".safetensors"))) {
      return new PeerPrompt(file);
    }
  }

  private static ByteBuffer bytes(SafetensorsFile file, String name) {
    TensorEntry entry = file.entries().get(name);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(entry.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    file.read(entry, 0, bytes);
    return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int[] longs(SafetensorsFile file, String name) {
    ByteBuffer bytes = bytes(file, name);
    int[] values = new int[bytes.remaining() / Long.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.toIntExact(bytes.getLong());
    }
    return values;
  }

  private static float[] floats(SafetensorsFile file, String name) {
    ByteBuffer bytes = bytes(file, name);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  int size() {
    return shape[1];
  }

  /** The conversation, its slices turned by some rows so that no step repeats another's volume. */
  List<ChatMessage> messages(int turn) {
    List<ChatMessage.Part> parts = new ArrayList<>();
    int rows = shape[1];
    int columns = shape[2];
    for (int z = 0; z < shape[0]; z++) {
      byte[] rgb = new byte[rows * columns * 3];
      for (int y = 0; y < rows; y++) {
        int from = (z * rows + (y + turn) % rows) * columns;
        for (int x = 0; x < columns; x++) {
          Arrays.fill(rgb, (y * columns + x) * 3, (y * columns + x) * 3 + 3, slices[from + x]);
        }
      }
      parts.add(new ChatMessage.Image(new RgbImage(rows, columns, rgb)));
    }
    parts.add(new ChatMessage.Text(QUESTION));
    return List.of(ChatMessage.user(parts));
  }

  /**
   * The largest difference between the policy's log-probabilities and the peer's.
   *
   * @throws IllegalStateException if the prompt itself is read differently
   */
  double difference(PolicyModel policy) {
    EncodedPrompt prompt = policy.encode(messages(0));
    if (!prompt.tokens().equals(TokenIds.of(ids))) {
      throw new IllegalStateException("The prompt has other tokens than the peer's");
    }
    double largest = 0;
    for (int i = 0; i < pixels.length; i++) {
      largest = Math.max(largest, Math.abs(pixels[i] - prompt.pixelValues()[i]));
    }
    if (largest > 1e-5) {
      throw new IllegalStateException("Pixel values differ from the peer's by " + largest);
    }
    List<TokenValues> own = policy.logProbs(prompt, completions, 1);
    largest = 0;
    for (int i = 0; i < own.size(); i++) {
      for (int t = 0; t < own.get(i).length(); t++) {
        largest = Math.max(largest, Math.abs(own.get(i).at(t) - logProbs.get(i).at(t)));
      }
    }
    return largest;
  }
}
