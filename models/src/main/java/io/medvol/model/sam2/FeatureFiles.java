package io.medvol.model.sam2;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Features of slices on disk, one Arrow IPC file a slice ({@code docs/formats/feature-cache.md}),
 * named by the digest of what they depend on: the slice's grey values, the weights and the
 * configuration. A file that is cut, broken, of another size or not what its checksum says counts
 * as absent. Failing to write costs time later and nothing else. Several processes may share a
 * folder.
 */
final class FeatureFiles {
  private static final Logger LOG = LoggerFactory.getLogger(FeatureFiles.class);
  private static final String VERSION = "medvol.features.v1";
  private static final String CHECKSUM = "sha256";
  private static final List<String> COLUMNS = List.of("finest", "fine", "top", "begun");

  /** Room for headers, footer and padding. */
  private static final long OVERHEAD = 1 << 16;

  private final Path folder;
  private final String network;
  private final DType type;
  private final List<long[]> shapes;
  private final Schema schema;

  /**
   * @param folder made if absent
   * @throws MedVolException RESOURCE if it cannot be made
   */
  FeatureFiles(Path folder, Sam2Model model) {
    this.folder = folder;
    this.network = model.digest();
    this.type = model.type();
    this.shapes = SliceView.shapes(model.config());
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < COLUMNS.size(); i++) {
      fields.add(
          Field.notNullable(COLUMNS.get(i), new ArrowType.FixedSizeBinary(bytes(shapes.get(i)))));
    }
    this.schema = new Schema(fields);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "The folder "
              + folder
              + " for features of slices cannot be made: "
              + e.getMessage()
              + "; give another propagator.cache-folder",
          e);
    }
  }

  private int bytes(long[] shape) {
    long size = type.bytes();
    for (long length : shape) {
      size = Math.multiplyExact(size, length);
    }
    return Math.toIntExact(size);
  }

  private long total() {
    return shapes.stream().mapToLong(this::bytes).sum();
  }

  Path file(String key) {
    MessageDigest digest = Sha256.start();
    digest.update((VERSION + '\n' + network + '\n' + key).getBytes(StandardCharsets.UTF_8));
    return folder.resolve(Sha256.hex(digest.digest()) + ".arrow");
  }

  /** Features of a slice where they are there and whole. */
  Optional<SliceView> read(String key, TensorScope target) {
    Path file = file(key);
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      long size = Files.size(file);
      if (size < total() || size > total() + OVERHEAD) {
        throw new IOException("it has " + size + " bytes");
      }
      return Optional.of(content(file, target));
    } catch (IOException | RuntimeException e) {
      // Flatbuffers and Arrow meet a broken file with unchecked exceptions of any kind.
      LOG.warn("Features in {} are left alone and made anew: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private SliceView content(Path file, TensorScope target) throws IOException {
    try (BufferAllocator allocator = new RootAllocator(2 * (total() + OVERHEAD));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      if (!root.getSchema().getFields().equals(schema.getFields())
          || !reader.loadNextBatch()
          || root.getRowCount() != 1) {
        throw new IOException("it has another schema");
      }
      MessageDigest digest = Sha256.start();
      List<ByteBuffer> parts = new ArrayList<>();
      for (int i = 0; i < COLUMNS.size(); i++) {
        FixedSizeBinaryVector vector = (FixedSizeBinaryVector) root.getVector(COLUMNS.get(i));
        ByteBuffer part = vector.getDataBuffer().nioBuffer(0, bytes(shapes.get(i)));
        digest.update(part.duplicate());
        parts.add(part);
      }
      String checksum = Sha256.hex(digest.digest());
      if (!checksum.equals(root.getSchema().getCustomMetadata().get(CHECKSUM))) {
        throw new IOException("its checksum does not hold");
      }
      List<NDArray> tensors = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        NDArray tensor = target.ops().empty(type, shapes.get(i));
        Tensors.bytes(tensor).put(parts.get(i));
        tensors.add(tensor);
      }
      return SliceView.of(tensors);
    }
  }

  /** Leaves features for later; complete or not at all. */
  void write(String key, SliceView view) {
    Path file = file(key);
    try {
      Path draft = Files.createTempFile(folder, "draft", ".part");
      try {
        fill(draft, view);
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      LOG.warn("Features cannot be left in {}: {}", file, e.toString());
    }
  }

  private void fill(Path draft, SliceView view) throws IOException {
    List<ByteBuffer> parts = view.tensors().stream().map(Tensors::bytes).toList();
    MessageDigest digest = Sha256.start();
    parts.forEach(part -> digest.update(part.duplicate()));
    Schema described =
        new Schema(schema.getFields(), Map.of(CHECKSUM, Sha256.hex(digest.digest())));
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(described, allocator);
        ArrowFileWriter writer =
            new ArrowFileWriter(root, null, Channels.newChannel(Files.newOutputStream(draft)))) {
      for (int i = 0; i < parts.size(); i++) {
        FixedSizeBinaryVector vector = (FixedSizeBinaryVector) root.getVector(COLUMNS.get(i));
        vector.allocateNew(1);
        vector.getDataBuffer().setBytes(0, parts.get(i).duplicate());
        BitVectorHelper.setBit(vector.getValidityBuffer(), 0);
      }
      root.setRowCount(1);
      writer.start();
      writer.writeBatch();
      writer.end();
    }
  }
}
