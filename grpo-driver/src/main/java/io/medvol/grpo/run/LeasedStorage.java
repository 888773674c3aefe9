package io.medvol.grpo.run;

import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Storage that a run may change only as long as it holds its lease. Thread-safe. */
public record LeasedStorage(Storage storage, RunLease lease) implements Storage {
  public LeasedStorage {
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(lease, "lease");
  }

  @Override
  public InputStream open(String path) throws IOException {
    return storage.open(path);
  }

  @Override
  public SeekableByteChannel openChannel(String path) throws IOException {
    return storage.openChannel(path);
  }

  @Override
  public OutputStream create(String path) throws IOException {
    lease.requireHeld();
    return storage.create(path);
  }

  @Override
  public void commit(String path, byte[] content) throws IOException {
    lease.requireHeld();
    storage.commit(path, content);
  }

  @Override
  public boolean commitNew(String path, byte[] content) throws IOException {
    lease.requireHeld();
    return storage.commitNew(path, content);
  }

  @Override
  public boolean exists(String path) throws IOException {
    return storage.exists(path);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    return storage.list(folder);
  }

  @Override
  public void delete(String path) throws IOException {
    lease.requireHeld();
    storage.delete(path);
  }

  @Override
  public long length(String path) throws IOException {
    return storage.length(path);
  }

  @Override
  public Map<String, Long> lengths(String folder) throws IOException {
    return storage.lengths(folder);
  }

  @Override
  public String version(String path) throws IOException {
    return storage.version(path);
  }

  @Override
  public void deleteUnfinished(String folder, Set<String> owned) throws IOException {
    lease.requireHeld();
    storage.deleteUnfinished(folder, owned);
  }
}
