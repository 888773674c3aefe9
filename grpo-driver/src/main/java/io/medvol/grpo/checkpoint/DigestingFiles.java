package io.medvol.grpo.checkpoint;

import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;

/** Writes the files of a folder and remembers their lengths and digests. */
final class DigestingFiles {
  private final Storage storage;
  private final String folder;
  private final Map<String, CheckpointManifest.Content> written = new TreeMap<>();

  DigestingFiles(Storage storage, String folder) {
    this.storage = storage;
    this.folder = folder;
  }

  OutputStream create(String name) throws IOException {
    return new DigestingStream(name, new Sha256.Stream(storage.create(folder + "/" + name)));
  }

  /** What was written and closed. */
  Map<String, CheckpointManifest.Content> written() {
    return written;
  }

  static String sha256(Storage storage, String path) throws IOException {
    MessageDigest digest = Sha256.start();
    byte[] chunk = new byte[1 << 16];
    try (InputStream in = storage.open(path)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
      }
    }
    return Sha256.hex(digest.digest());
  }

  private final class DigestingStream extends FilterOutputStream {
    private final String name;
    private final Sha256.Stream hashed;

    private DigestingStream(String name, Sha256.Stream hashed) {
      super(hashed);
      this.name = name;
      this.hashed = hashed;
    }

    @Override
    public void write(byte[] values, int offset, int length) throws IOException {
      hashed.write(values, offset, length);
    }

    @Override
    public void close() throws IOException {
      super.close();
      if (!written.containsKey(name)) {
        written.put(name, new CheckpointManifest.Content(hashed.length(), hashed.digest()));
      }
    }
  }
}
