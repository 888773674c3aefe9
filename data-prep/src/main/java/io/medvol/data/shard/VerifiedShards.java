package io.medvol.data.shard;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds shards against the SHA-256 of their manifest: whole when one is first asked for, and again
 * when its length, time of modification or identity has changed since. Thread-safe.
 */
final class VerifiedShards {
  private final Map<String, String> versions = new ConcurrentHashMap<>();

  /**
   * @throws MedVolException (DAMAGED_DATA) if the file is absent or another than the manifest lists
   */
  void require(Storage storage, String path, ShardEntry entry) throws IOException {
    String version = version(storage, path, entry);
    if (version.equals(versions.get(path))) {
      return;
    }
    String found = sha256(storage, path);
    if (!found.equals(entry.sha256())) {
      throw SliceShardSchema.damaged(
          path, "its SHA-256 is " + found + ", the manifest lists " + entry.sha256());
    }
    if (!version.equals(storage.version(path))) {
      throw SliceShardSchema.damaged(path, "it was changed while it was read");
    }
    versions.put(path, version);
  }

  private static String version(Storage storage, String path, ShardEntry entry) throws IOException {
    try {
      long length = storage.length(path);
      if (length != entry.length()) {
        throw SliceShardSchema.damaged(
            path, "it has " + length + " bytes, the manifest lists " + entry.length());
      }
      return storage.version(path);
    } catch (MedVolException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      throw SliceShardSchema.damaged(path, "it cannot be opened (" + e.getMessage() + ")", e);
    }
  }

  private static String sha256(Storage storage, String path) throws IOException {
    try (InputStream in = storage.open(path);
        Sha256.Stream hashed = new Sha256.Stream(OutputStream.nullOutputStream())) {
      in.transferTo(hashed);
      return hashed.digest();
    }
  }
}
