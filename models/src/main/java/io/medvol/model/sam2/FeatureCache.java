package io.medvol.model.sam2;

import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is computed of slices, made when first asked for and dropped, least recently used first,
 * when it takes more than its share of memory. Slices are known by their content, so that another
 * volume, or the same one read again, finds what is there. Each slice is encoded by itself: a batch
 * would move last bits with its size, and results would depend on what was asked before. Not for
 * several threads at once.
 */
final class FeatureCache implements AutoCloseable {
  private record Entry(SliceView view, TensorScope scope) {}

  private final Sam2Model model;
  private final long limit;
  private final Optional<FeatureFiles> files;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final long entryBytes;

  /**
   * @param files where features are looked for before they are computed, and left afterwards
   */
  FeatureCache(Sam2Model model, long limit, Optional<FeatureFiles> files) {
    this.model = model;
    this.limit = limit;
    this.files = files;
    this.entryBytes = SliceView.bytes(model.config(), model.type());
  }

  /** Views of slices, in order; they stay until the next call. */
  List<SliceView> of(List<Integer> slices, KeyedSlices volume) {
    List<SliceView> views = new ArrayList<>();
    Set<String> needed = new HashSet<>();
    for (int slice : slices) {
      String key = volume.key(slice);
      needed.add(key);
      Entry entry = entries.get(key);
      if (entry == null) {
        entry = make(key, slice, volume);
        entries.put(key, entry);
      }
      views.add(entry.view());
    }
    evict(needed);
    return views;
  }

  private Entry make(String key, int slice, KeyedSlices volume) {
    TensorScope scope = model.runtime().storage();
    Optional<SliceView> kept = files.flatMap(folder -> folder.read(key, scope));
    if (kept.isPresent()) {
      return new Entry(kept.get(), scope);
    }
    SliceView view;
    try (TensorScope passing = model.runtime().compute(GradientMode.NONE)) {
      view = model.view(volume.grey(slice), passing);
      view.tensors().forEach(scope::keep);
    }
    files.ifPresent(folder -> folder.write(key, view));
    return new Entry(view, scope);
  }

  private void evict(Set<String> needed) {
    Iterator<Map.Entry<String, Entry>> oldest = entries.entrySet().iterator();
    while (bytes() > limit && oldest.hasNext()) {
      Map.Entry<String, Entry> entry = oldest.next();
      if (!needed.contains(entry.getKey())) {
        entry.getValue().scope().close();
        oldest.remove();
      }
    }
  }

  /** Native memory in use. */
  long bytes() {
    return entries.size() * entryBytes;
  }

  @Override
  public void close() {
    entries.values().forEach(entry -> entry.scope().close());
    entries.clear();
  }
}
