package io.medvol.spark.cluster;

import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Storage that fails now and then, before it does anything. */
final class FaultyStorage implements Storage {
  private final Storage storage;
  private final Random random;
  private final double share;

  /**
   * @param share of calls that fail
   */
  FaultyStorage(Storage storage, Random random, double share) {
    this.storage = storage;
    this.random = random;
    this.share = share;
  }

  private synchronized void perhapsFail(String call, String path) throws IOException {
    if (random.nextDouble() < share) {
      throw new IOException(call + " " + path + ": 503 slow down");
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    perhapsFail("open", path);
    return storage.open(path);
  }

  @Override
  public SeekableByteChannel openChannel(String path) throws IOException {
    perhapsFail("openChannel", path);
    return storage.openChannel(path);
  }

  @Override
  public OutputStream create(String path) throws IOException {
    perhapsFail("create", path);
    return storage.create(path);
  }

  @Override
  public void commit(String path, byte[] content) throws IOException {
    perhapsFail("commit", path);
    storage.commit(path, content);
  }

  @Override
  public boolean commitNew(String path, byte[] content) throws IOException {
    perhapsFail("commitNew", path);
    return storage.commitNew(path, content);
  }

  @Override
  public boolean exists(String path) throws IOException {
    perhapsFail("exists", path);
    return storage.exists(path);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    perhapsFail("list", folder);
    return storage.list(folder);
  }

  @Override
  public void delete(String path) throws IOException {
    perhapsFail("delete", path);
    storage.delete(path);
  }

  @Override
  public long length(String path) throws IOException {
    perhapsFail("length", path);
    return storage.length(path);
  }

  @Override
  public Map<String, Long> lengths(String folder) throws IOException {
    perhapsFail("lengths", folder);
    return storage.lengths(folder);
  }

  @Override
  public String version(String path) throws IOException {
    perhapsFail("version", path);
    return storage.version(path);
  }

  @Override
  public void deleteUnfinished(String folder, Set<String> owned) throws IOException {
    perhapsFail("deleteUnfinished", folder);
    storage.deleteUnfinished(folder, owned);
  }
}
