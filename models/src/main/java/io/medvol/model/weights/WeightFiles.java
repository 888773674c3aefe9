package io.medvol.model.weights;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The weights of one model, in one file or in shards, as one set of names. Thread-safe; {@link
 * #close} closes the files.
 */
public final class WeightFiles implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 20;

  private record Place(SafetensorsFile file, TensorEntry entry) {}

  private final List<SafetensorsFile> files;
  private final SortedMap<String, Place> places = new TreeMap<>();

  private WeightFiles(List<SafetensorsFile> files) {
    this.files = files;
  }

  /** {@link #open(List, UnaryOperator)} with the names as they stand. */
  public static WeightFiles open(List<Path> paths) {
    return open(paths, UnaryOperator.identity());
  }

  /**
   * Opens all files of a model.
   *
   * @param known what a tensor is known by here, from its name in the file
   * @throws MedVolException INVALID_INPUT if a file is missing, MALFORMED_DATA if one is not valid
   *     or a tensor stands in two of them
   */
  public static WeightFiles open(List<Path> paths, UnaryOperator<String> known) {
    WeightFiles weights = new WeightFiles(new ArrayList<>());
    try {
      for (Path path : paths) {
        SafetensorsFile file = SafetensorsFile.open(path);
        weights.files.add(file);
        file.entries()
            .values()
            .forEach(entry -> weights.add(file, entry.named(known.apply(entry.name()))));
      }
    } catch (MedVolException e) {
      weights.close();
      throw e;
    }
    return weights;
  }

  private void add(SafetensorsFile file, TensorEntry entry) {
    Place other = places.put(entry.name(), new Place(file, entry));
    if (other != null) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "Tensor "
              + entry.name()
              + " stands in both "
              + other.file().path()
              + " and "
              + file.path());
    }
  }

  public Set<String> names() {
    return Collections.unmodifiableSet(places.keySet());
  }

  public boolean has(String name) {
    return places.containsKey(name);
  }

  /**
   * A tensor of this name and shape.
   *
   * @throws MedVolException INVALID_INPUT if there is none
   */
  public TensorEntry require(String name, List<Long> shape) {
    TensorEntry entry = place(name).entry();
    if (!entry.shape().equals(shape)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Tensor "
              + name
              + " of "
              + place(name).file().path()
              + " has the shape "
              + entry.shape()
              + ", but config.json describes "
              + shape);
    }
    return entry;
  }

  /**
   * Holds that the network has a use for every tensor: one it does not know means that another
   * architecture than that of config.json was saved.
   *
   * @param used names of the network's tensors
   * @param harmless names that older libraries wrote beside the weights
   * @throws MedVolException INVALID_INPUT if there are others
   */
  public void requireOnly(Set<String> used, Predicate<String> harmless) {
    List<String> others =
        names().stream().filter(name -> !used.contains(name)).filter(harmless.negate()).toList();
    if (!others.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The weights hold "
              + others.size()
              + " tensors that config.json does not describe, such as "
              + others.get(0)
              + " in "
              + place(others.get(0)).file().path()
              + ": expected the config.json they were saved with");
    }
  }

  public TensorEntry entry(String name) {
    return place(name).entry();
  }

  /** The file that holds a tensor, as it was when opened. */
  public FileVersion version(String name) {
    return place(name).file().version();
  }

  /** Where a tensor begins in its file, in bytes. */
  public long position(String name) {
    Place place = place(name);
    return place.file().position(place.entry());
  }

  /** Fills a buffer with bytes of a tensor, counted from its start. */
  public void read(String name, long from, ByteBuffer target) {
    Place place = place(name);
    place.file().read(place.entry(), from, target);
  }

  /** A tensor as it stands, to be written again while these files are open. */
  public SafetensorsWriter.Tensor tensor(String name) {
    TensorEntry entry = entry(name);
    return new SafetensorsWriter.Tensor(
        name,
        entry.type(),
        entry.shape(),
        out -> {
          byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, entry.bytes())];
          for (long at = 0; at < entry.bytes(); ) {
            int count = (int) Math.min(chunk.length, entry.bytes() - at);
            read(name, at, ByteBuffer.wrap(chunk, 0, count));
            out.write(chunk, 0, count);
            at += count;
          }
        });
  }

  private Place place(String name) {
    Place place = places.get(name);
    if (place == null) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The weights ("
              + files.get(0).path()
              + (files.size() > 1 ? " and others" : "")
              + ") lack the tensor "
              + name
              + " that config.json implies");
    }
    return place;
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
