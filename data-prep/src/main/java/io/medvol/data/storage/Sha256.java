package io.medvol.data.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 as 64 lower-case hexadecimal digits. Stateless. */
public final class Sha256 {
  private Sha256() {}

  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  public static String of(byte[] content) {
    return hex(start().digest(content));
  }

  public static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  public static boolean isDigest(String text) {
    return text.matches("[0-9a-f]{64}");
  }

  /** Counts and hashes what passes through. */
  public static final class Stream extends FilterOutputStream {
    private final MessageDigest digest = start();
    private long length;

    public Stream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      digest.update((byte) value);
      length++;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      out.write(bytes, offset, count);
      digest.update(bytes, offset, count);
      length += count;
    }

    public long length() {
      return length;
    }

    /** Ends the hash. */
    public String digest() {
      return hex(digest.digest());
    }
  }
}
