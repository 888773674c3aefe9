package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.data.storage.Sha256;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Features of the pictures of prompts seen before, by the SHA-256 of their pixel values and grids.
 * The least recently used go first when they take more than their share of memory; a prompt larger
 * than that is encoded and not kept. Right only while the tower's weights stay. Not thread-safe.
 */
final class FeatureCache implements PictureSource, AutoCloseable {
  private static final int CHUNK_VALUES = 1 << 14;

  private record Entry(VisionFeatures features, TensorScope scope, long bytes) {}

  private final TorchRuntime runtime;
  private final PictureSource tower;
  private final long limit;
  private final Map<ByteBuffer, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * @param limit bytes kept at most
   */
  FeatureCache(TorchRuntime runtime, PictureSource tower, long limit) {
    this.runtime = runtime;
    this.tower = tower;
    this.limit = limit;
  }

  @Override
  public VisionFeatures of(TensorScope scope, Prompt prompt) {
    ByteBuffer key = digest(prompt);
    Entry known = entries.get(key);
    if (known != null) {
      return known.features();
    }
    try (TensorScope passing = scope.child()) {
      VisionFeatures features = tower.of(passing, prompt);
      long size = size(features);
      if (size > limit) {
        scope.keep(features.merged());
        features.deepstack().forEach(scope::keep);
        return features;
      }
      makeRoom(size);
      Entry entry = copy(features, size);
      entries.put(key, entry);
      bytes += size;
      return entry.features();
    }
  }

  private Entry copy(VisionFeatures features, long size) {
    TensorScope kept = runtime.storage();
    try (TensorScope passing = runtime.compute(GradientMode.NONE)) {
      return new Entry(
          new VisionFeatures(
              copy(passing, kept, features.merged()),
              features.deepstack().stream().map(one -> copy(passing, kept, one)).toList()),
          kept,
          size);
    }
  }

  private static NDArray copy(TensorScope passing, TensorScope kept, NDArray from) {
    NDArray target = kept.ops().empty(passing.ops().typeOf(from), from.getShape().getShape());
    passing.ops().copyInto(target, from);
    return target;
  }

  private static long size(VisionFeatures features) {
    long size = features.merged().size();
    for (NDArray one : features.deepstack()) {
      size += one.size();
    }
    return size * Float.BYTES;
  }

  private void makeRoom(long wanted) {
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes + wanted > limit && oldest.hasNext()) {
      Entry entry = oldest.next();
      bytes -= entry.bytes();
      entry.scope().close();
      oldest.remove();
    }
  }

  private static ByteBuffer digest(Prompt prompt) {
    MessageDigest sha = Sha256.start();
    for (ImageGrid grid : prompt.encoded().grids()) {
      sha.update(
          ByteBuffer.allocate(3 * Integer.BYTES)
              .putInt(grid.frames())
              .putInt(grid.rows())
              .putInt(grid.columns())
              .flip());
    }
    float[] values = prompt.encoded().pixelValues();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_VALUES * Float.BYTES);
    for (int from = 0; from < values.length; from += CHUNK_VALUES) {
      int count = Math.min(CHUNK_VALUES, values.length - from);
      chunk.clear().limit(count * Float.BYTES);
      chunk.asFloatBuffer().put(values, from, count);
      sha.update(chunk);
    }
    return ByteBuffer.wrap(sha.digest());
  }

  /** Prompts whose features are kept. */
  int size() {
    return entries.size();
  }

  @Override
  public void close() {
    entries.values().forEach(entry -> entry.scope().close());
    entries.clear();
    bytes = 0;
  }
}
