package io.medvol.model.pickle;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.pickle.CheckpointException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A checkpoint written by {@code torch.save} (the zip format of torch 1.6 and later): the state
 * dict under {@code model}, or the state dict itself. Opening reads the description only; values
 * are read when asked for. Close it after use; not for several threads at once.
 */
public final class TorchCheckpoint implements AutoCloseable {
  private static final long LONGEST_PICKLE = 256L << 20;
  private static final long SMALLEST_LIMIT = 64L << 20;
  private static final int GROWTH_LIMIT = 16;
  private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};
  private static final byte[] LEGACY_MAGIC = {
    (byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46
  };

  private final Path file;
  private final ZipFile zip;
  private final String root;
  private final Map<String, PickledTensor> tensors;

  private TorchCheckpoint(Path file, ZipFile zip, String root, Map<String, PickledTensor> tensors) {
    this.file = file;
    this.zip = zip;
    this.root = root;
    this.tensors = tensors;
  }

  /**
   * Opens a checkpoint and understands its pickle.
   *
   * @throws CheckpointException if it is refused
   */
  public static TorchCheckpoint open(Path file) {
    requireMagic(file);
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw new CheckpointException(
          Kind.TRUNCATED, file, "has no sound zip directory at its end; copy it again", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    try {
      String root = root(file, zip);
      requireLittleEndian(file, zip, root);
      byte[] pickle = pickle(file, zip, root);
      Map<String, PickledTensor> tensors = stateDict(file, Unpickler.read(pickle));
      TorchCheckpoint checkpoint = new TorchCheckpoint(file, zip, root, tensors);
      checkpoint.requireStorages();
      checkpoint.requireBounded();
      return checkpoint;
    } catch (PickleException e) {
      throw closing(zip, new CheckpointException(e.kind(), file, e.getMessage(), e));
    } catch (IOException e) {
      throw closing(zip, new CheckpointException(Kind.CORRUPT, file, "has a broken entry", e));
    } catch (CheckpointException e) {
      throw closing(zip, e);
    }
  }

  /** The tensors by name, in the order of the state dict. */
  public Map<String, PickledTensor> tensors() {
    return tensors;
  }

  /** Bytes of a tensor's storage, little-endian. */
  public long storageBytes(PickledTensor tensor) {
    return tensor.storageElements() * tensor.type().bytes();
  }

  /**
   * Fills a buffer of {@link #storageBytes} bytes with the storage of a tensor.
   *
   * @throws CheckpointException if the storage is missing or has another length
   */
  public void readStorage(PickledTensor tensor, ByteBuffer target) {
    ZipEntry entry = requireStorage(tensor);
    long wanted = storageBytes(tensor);
    byte[] chunk = new byte[(int) Math.min(wanted, 1 << 20)];
    try (InputStream in = zip.getInputStream(entry)) {
      for (long left = wanted; left > 0; ) {
        int read = in.read(chunk, 0, (int) Math.min(left, chunk.length));
        if (read < 0) {
          throw new EOFException("Storage " + tensor.storage() + " ends early");
        }
        target.put(chunk, 0, read);
        left -= read;
      }
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.TRUNCATED, file, "cannot be read at storage " + tensor.storage(), e);
    }
  }

  /** Before anything makes room for one: tensors that share a storage agree about its length. */
  private void requireStorages() {
    tensors.values().forEach(this::requireStorage);
  }

  private ZipEntry requireStorage(PickledTensor tensor) {
    ZipEntry entry = zip.getEntry(root + "data/" + tensor.storage());
    // Divided, since the product of a lying count might not fit into 64 bits.
    boolean fits =
        entry != null
            && entry.getMethod() == ZipEntry.STORED
            && entry.getSize() == entry.getCompressedSize()
            && entry.getSize() % tensor.type().bytes() == 0
            && entry.getSize() / tensor.type().bytes() == tensor.storageElements();
    if (!fits) {
      throw new CheckpointException(
          Kind.CORRUPT,
          file,
          "should hold storage "
              + tensor.storage()
              + " as "
              + tensor.storageElements()
              + " plain values of "
              + tensor.type().bytes()
              + " bytes");
    }
    return entry;
  }

  private static void requireMagic(Path file) {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(LEGACY_MAGIC.length);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (Arrays.equals(start, LEGACY_MAGIC)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          file,
          "has the format of torch before 1.6; load it with torch and save it again");
    }
    if (Arrays.mismatch(start, ZIP_MAGIC) == start.length) {
      throw new CheckpointException(Kind.TRUNCATED, file, "ends after " + start.length + " bytes");
    }
    if (Arrays.mismatch(start, ZIP_MAGIC) < ZIP_MAGIC.length) {
      throw new CheckpointException(
          Kind.FORMAT, file, "is no torch checkpoint: it is not a zip archive");
    }
  }

  private static String root(Path file, ZipFile zip) {
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.indexOf('/') == name.length() - "/data.pkl".length())
        .filter(name -> name.endsWith("/data.pkl"))
        .findFirst()
        .map(name -> name.substring(0, name.length() - "data.pkl".length()))
        .orElseThrow(
            () ->
                new CheckpointException(
                    Kind.FORMAT, file, "is a zip archive without a data.pkl: no torch checkpoint"));
  }

  private static void requireLittleEndian(Path file, ZipFile zip, String root) throws IOException {
    ZipEntry entry = zip.getEntry(root + "byteorder");
    if (entry == null) {
      return;
    }
    try (InputStream in = zip.getInputStream(entry)) {
      String order = new String(in.readNBytes(16), StandardCharsets.US_ASCII).strip();
      if (!order.equals("little")) {
        throw new CheckpointException(
            Kind.UNSUPPORTED, file, "has byte order '" + order + "'; only 'little' is read");
      }
    }
  }

  private static byte[] pickle(Path file, ZipFile zip, String root) throws IOException {
    ZipEntry entry = zip.getEntry(root + "data.pkl");
    if (entry.getMethod() != ZipEntry.STORED || entry.getSize() > LONGEST_PICKLE) {
      throw new CheckpointException(
          Kind.CORRUPT,
          file,
          "has a pickle of "
              + entry.getSize()
              + " bytes or a compressed one; torch writes neither");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private static Map<String, PickledTensor> stateDict(Path file, Object value) {
    if (value instanceof Map<?, ?> all) {
      Object inner = all.get("model");
      Map<?, ?> state = inner instanceof Map<?, ?> map ? map : all;
      Map<String, PickledTensor> tensors = new LinkedHashMap<>();
      state.forEach(
          (name, entry) -> {
            if (name instanceof String key && entry instanceof PickledTensor tensor) {
              tensors.put(key, tensor);
            }
          });
      if (!tensors.isEmpty()) {
        return Collections.unmodifiableMap(tensors);
      }
    }
    throw new CheckpointException(
        Kind.FORMAT, file, "holds no state dict, neither under 'model' nor by itself");
  }

  /** A view may repeat a small storage; the sum of all tensors stays within reason. */
  private void requireBounded() throws IOException {
    double bytes = 0;
    for (PickledTensor tensor : tensors.values()) {
      bytes += (double) tensor.elements() * tensor.type().bytes();
    }
    if (bytes > Math.max(SMALLEST_LIMIT, (double) GROWTH_LIMIT * Files.size(file))) {
      throw new CheckpointException(
          Kind.CORRUPT,
          file,
          String.format("describes tensors of %.0f bytes, far more than it holds", bytes));
    }
  }

  private static CheckpointException closing(ZipFile zip, CheckpointException failure) {
    try {
      zip.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private static MedVolException unreadable(Path file, IOException e) {
    return new MedVolException(
        ErrorCode.INVALID_INPUT,
        "Checkpoint " + file + " cannot be opened: check that it exists and may be read",
        e);
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
