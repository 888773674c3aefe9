package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.FileVersion;
import io.medvol.model.weights.WeightFiles;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The weights that no policy trains, one copy for all policies that are loaded with it: a process
 * that runs several keeps the model once. A tensor is loaded when a policy first needs it, and read
 * by all of them from then on; a file that changed in between is another file. Whoever opened this
 * closes it, and it frees its memory once the policies that use it are closed too. Thread-safe.
 */
public final class FrozenWeights implements AutoCloseable {
  private final TorchRuntime runtime;
  private final TensorScope storage;
  private final Map<Key, NDArray> tensors = new HashMap<>();
  private final Set<Use> users = new HashSet<>();
  private boolean closed;

  private record Key(FileVersion file, String tensor, DType type) {}

  private FrozenWeights(TorchRuntime runtime) {
    this.runtime = runtime;
    this.storage = runtime.storage();
  }

  /** Holds nothing yet. */
  public static FrozenWeights open() {
    return new FrozenWeights(TorchRuntime.open());
  }

  /**
   * Begins to use this, until the user closes what it gets.
   *
   * @param files that the user's tensors are loaded from where they are not here yet
   */
  Use use(WeightFiles files) {
    synchronized (tensors) {
      if (closed) {
        throw new IllegalStateException("These weights were closed");
      }
      Use use = new Use(files);
      users.add(use);
      return use;
    }
  }

  /** Native tensors that are alive here. */
  public int liveTensors() {
    return runtime.liveTensors();
  }

  @Override
  public void close() {
    synchronized (tensors) {
      closed = true;
      freeIfUnused();
    }
  }

  private void freeIfUnused() {
    if (closed && users.isEmpty()) {
      tensors.clear();
      runtime.close();
    }
  }

  /** One policy's use. */
  final class Use implements AutoCloseable {
    private final WeightFiles files;
    private final TensorLoader loader;

    private Use(WeightFiles files) {
      this.files = files;
      this.loader = new TensorLoader(runtime, storage, files);
    }

    /** A tensor that is only ever read; its shape was checked. */
    NDArray load(String name, DType type, long... shape) {
      Key key = new Key(files.version(name), name, type);
      synchronized (tensors) {
        return tensors.computeIfAbsent(key, any -> loader.load(name, type, shape));
      }
    }

    /** Called once every tensor is loaded; the files may be closed then. */
    void finish() {
      loader.close();
    }

    @Override
    public void close() {
      synchronized (tensors) {
        loader.close();
        if (users.remove(this)) {
          freeIfUnused();
        }
      }
    }
  }
}
