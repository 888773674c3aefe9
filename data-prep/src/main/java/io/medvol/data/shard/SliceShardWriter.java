package io.medvol.data.shard;

import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.LabelVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;

/**
 * Writes volumes as slice shards: one Arrow IPC file a volume, one record batch a slice, so that a
 * reader gets one slice by two small reads. Equal volumes give equal bytes. Thread-safe.
 */
public final class SliceShardWriter {
  /** The most voxels of a volume: 512 x 512 x 2048, beyond whole-body scans. */
  public static final int MAX_VOXELS = SliceShardSchema.MAX_VOXELS;

  static final String FOLDER = "shards";
  static final String ENDING = ".arrow";

  // Level 1 writes three times as fast as gzip reads; Arrow's LZ4 writer takes seconds a slice.
  private static final int ZSTD_LEVEL = 1;

  private final Storage storage;
  private final String folder;

  /**
   * @param folder root of the prepared data set; the manifest will lie there
   */
  public SliceShardWriter(Storage storage, String folder) {
    this.storage = Objects.requireNonNull(storage, "storage");
    this.folder = Objects.requireNonNull(folder, "folder");
  }

  /**
   * Writes one volume and returns the line of the manifest that lists it. Part of the file's name
   * is the hash of its content.
   *
   * @param labels of the same grid; empty if the volume has none
   */
  public ShardEntry write(String volumeId, CtVolume volume, Optional<LabelVolume> labels)
      throws IOException {
    try (BufferAllocator allocator = new RootAllocator()) {
      return write(volumeId, volume, labels, allocator);
    }
  }

  ShardEntry write(
      String volumeId, CtVolume volume, Optional<LabelVolume> labels, BufferAllocator allocator)
      throws IOException {
    GridSize grid = volume.size();
    if (labels.isPresent() && !labels.get().size().equals(grid)) {
      throw new IllegalArgumentException(
          "Labels of grid " + labels.get().size() + " do not lie on a volume of " + grid);
    }
    if (grid.voxels() > MAX_VOXELS) {
      throw new IllegalArgumentException(
          grid + " has more than the " + MAX_VOXELS + " voxels of a shard");
    }
    ShardHeader header =
        new ShardHeader(volumeId, volume.geometry(), labels.isPresent(), contentHash(volume));
    Spool out = new Spool();
    try (VectorSchemaRoot root = VectorSchemaRoot.create(SliceShardSchema.of(header), allocator);
        ArrowFileWriter writer = arrowWriter(root, out)) {
      // Arrow would reserve thousands of rows, which are gigabytes where a row is a slice.
      root.getFieldVectors().forEach(vector -> vector.setInitialCapacity(1));
      writer.start();
      for (int slice = 0; slice < grid.slices(); slice++) {
        fill(root, slice, volume, labels);
        writer.writeBatch();
      }
      writer.end();
    }
    Spool.Written written = out.writeTo(storage, folder, FOLDER + "/" + volumeId, ENDING);
    return new ShardEntry(
        volumeId,
        written.path(),
        written.length(),
        written.sha256(),
        grid,
        labels.isPresent(),
        header.contentSha256());
  }

  private static ArrowFileWriter arrowWriter(VectorSchemaRoot root, Spool out) {
    return new ArrowFileWriter(
        root,
        null,
        Channels.newChannel(out),
        Map.of(),
        IpcOption.DEFAULT,
        CommonsCompressionFactory.INSTANCE,
        CompressionUtil.CodecType.ZSTD,
        Optional.of(ZSTD_LEVEL));
  }

  private static void fill(
      VectorSchemaRoot root, int slice, CtVolume volume, Optional<LabelVolume> labels) {
    IntVector index = (IntVector) root.getVector(SliceShardSchema.SLICE);
    FixedSizeBinaryVector hu = (FixedSizeBinaryVector) root.getVector(SliceShardSchema.HU);
    FixedSizeBinaryVector label = (FixedSizeBinaryVector) root.getVector(SliceShardSchema.LABELS);
    index.setSafe(0, slice);
    hu.setSafe(0, littleEndian(volume.slice(slice)));
    if (labels.isPresent()) {
      label.setSafe(0, littleEndian(labels.get().slice(slice)));
    } else {
      label.setNull(0);
    }
    root.setRowCount(1);
  }

  /** SHA-256 of the three sides as int32 and the HU values as int16, little-endian. */
  private static String contentHash(CtVolume volume) {
    GridSize grid = volume.size();
    MessageDigest digest = Sha256.start();
    digest.update(
        ByteBuffer.allocate(3 * Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(grid.slices())
            .putInt(grid.rows())
            .putInt(grid.columns())
            .array());
    for (int slice = 0; slice < grid.slices(); slice++) {
      digest.update(littleEndian(volume.slice(slice)));
    }
    return Sha256.hex(digest.digest());
  }

  private static byte[] littleEndian(short[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(values);
    return bytes.array();
  }
}
