package io.medvol.model.sam2;

import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Features of the slices of one volume, made when first asked for and dropped, least recently used
 * first, when they take more than their share of memory. Not for several threads at once.
 */
final class FeatureCache implements AutoCloseable {
  private record Entry(SliceFeatures features, TensorScope scope) {}

  private final Sam2Model model;
  private final SliceImages images;
  private final long limit;
  private final Map<Integer, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  FeatureCache(Sam2Model model, SliceImages images, long limit) {
    this.model = model;
    this.images = images;
    this.limit = limit;
  }

  /** Features of slices, in order; they stay until the next call. */
  List<SliceFeatures> of(List<Integer> slices) {
    for (int slice : slices) {
      entries.computeIfAbsent(slice, this::encode);
    }
    evict(slices);
    List<SliceFeatures> features = new ArrayList<>();
    for (int slice : slices) {
      features.add(entries.get(slice).features());
    }
    return features;
  }

  private Entry encode(int slice) {
    TensorScope scope = model.runtime().storage();
    try (TensorScope passing = model.runtime().compute(GradientMode.NONE)) {
      byte[] grey = images.resized(slice, model.config().imageSize());
      SliceFeatures features =
          ImageEncoder.kept(
              model.imageEncoder().encode(model.input(grey, passing), passing.ops()), scope);
      bytes += features.bytes();
      return new Entry(features, scope);
    }
  }

  private void evict(List<Integer> needed) {
    Iterator<Map.Entry<Integer, Entry>> oldest = entries.entrySet().iterator();
    while (bytes > limit && oldest.hasNext()) {
      Map.Entry<Integer, Entry> entry = oldest.next();
      if (!needed.contains(entry.getKey())) {
        bytes -= entry.getValue().features().bytes();
        entry.getValue().scope().close();
        oldest.remove();
      }
    }
  }

  @Override
  public void close() {
    entries.values().forEach(entry -> entry.scope().close());
    entries.clear();
    bytes = 0;
  }
}
