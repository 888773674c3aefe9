package io.medvol.data.shard;

import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.LabelVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFooter;

/**
 * Reads one slice shard: the header at once, any slice on demand through the footer of the file.
 * Takes memory for one slice at a time and none outside the heap. Close it; not thread-safe.
 *
 * <p>A file that is cut, lies about its sizes or is of a later version is refused with a {@link
 * MedVolException}.
 */
public final class SliceShardReader implements AutoCloseable {
  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL_BYTES = Integer.BYTES + MAGIC.length;
  // 24 bytes for each of at most 65536 slices, and room for the schema.
  private static final int MAX_FOOTER_BYTES = 4 << 20;
  private static final int MAX_BATCH_METADATA_BYTES = 1 << 16;

  private final String path;
  private final SeekableByteChannel channel;
  private final ShardHeader header;
  private final List<ArrowBlock> blocks;

  private SliceShardReader(
      String path, SeekableByteChannel channel, ShardHeader header, List<ArrowBlock> blocks) {
    this.path = path;
    this.channel = channel;
    this.header = header;
    this.blocks = blocks;
  }

  public static SliceShardReader open(Storage storage, String path) throws IOException {
    SeekableByteChannel channel = storage.openChannel(path);
    boolean opened = false;
    try {
      ArrowFooter footer = new ArrowFooter(Footer.getRootAsFooter(readFooter(path, channel)));
      ShardHeader header = SliceShardSchema.parse(path, footer.getSchema());
      SliceShardReader reader =
          new SliceShardReader(path, channel, header, footer.getRecordBatches());
      reader.checkBlocks(channel.size());
      opened = true;
      return reader;
    } catch (MedVolException e) {
      throw e;
    } catch (RuntimeException e) {
      throw broken(path, e);
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  public ShardHeader header() {
    return header;
  }

  /** One slice; costs one read of its packed size, whatever the size of the volume. */
  public ShardSlice slice(int index) throws IOException {
    if (index < 0 || index >= grid().slices()) {
      throw new IndexOutOfBoundsException("Slice " + index + " of " + grid());
    }
    ArrowBlock block = blocks.get(index);
    int metadata = block.getMetadataLength();
    ByteBuffer bytes = ByteBuffer.allocate(metadata + (int) block.getBodyLength());
    channel.position(block.getOffset());
    readFully(path, channel, bytes);
    try {
      return new SliceBatch(path, index, bytes, metadata)
          .read(grid().pixelsPerSlice(), header.labelled());
    } catch (MedVolException e) {
      throw e;
    } catch (RuntimeException e) {
      throw broken(path, e);
    }
  }

  /** The whole volume. */
  public CtVolume volume() throws IOException {
    int pixels = grid().pixelsPerSlice();
    // The first slice proves the size of all before memory for all is taken.
    ShardSlice slice = slice(0);
    short[] hu = new short[grid().voxels()];
    for (int i = 0; i < grid().slices(); i++) {
      slice = i == 0 ? slice : slice(i);
      System.arraycopy(slice.hu(), 0, hu, i * pixels, pixels);
    }
    return new CtVolume(header.geometry(), hu);
  }

  /** The whole label map; empty if the volume has none. */
  public Optional<LabelVolume> labels() throws IOException {
    if (!header.labelled()) {
      return Optional.empty();
    }
    int pixels = grid().pixelsPerSlice();
    ShardSlice slice = slice(0);
    short[] labels = new short[grid().voxels()];
    for (int i = 0; i < grid().slices(); i++) {
      slice = i == 0 ? slice : slice(i);
      System.arraycopy(slice.labels().orElseThrow(), 0, labels, i * pixels, pixels);
    }
    return Optional.of(new LabelVolume(header.geometry(), labels));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private GridSize grid() {
    return header.geometry().size();
  }

  private static ByteBuffer readFooter(String path, SeekableByteChannel channel)
      throws IOException {
    long length = channel.size();
    if (length < TAIL_BYTES) {
      throw SliceShardSchema.malformed(path, "it has only " + length + " bytes");
    }
    ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    channel.position(length - TAIL_BYTES);
    readFully(path, channel, tail);
    if (!Arrays.equals(tail.array(), Integer.BYTES, TAIL_BYTES, MAGIC, 0, MAGIC.length)) {
      throw SliceShardSchema.malformed(path, "it is cut short, or no Arrow file");
    }
    int size = tail.getInt(0);
    if (size < 1 || size > MAX_FOOTER_BYTES || size > length - TAIL_BYTES) {
      throw SliceShardSchema.malformed(
          path, "its footer of " + size + " bytes does not fit a file of " + length);
    }
    ByteBuffer footer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    channel.position(length - TAIL_BYTES - size);
    readFully(path, channel, footer);
    return footer.rewind();
  }

  private static void readFully(String path, SeekableByteChannel channel, ByteBuffer bytes)
      throws IOException {
    int read = 0;
    while (bytes.hasRemaining() && read >= 0) {
      read = channel.read(bytes);
    }
    if (bytes.hasRemaining()) {
      throw SliceShardSchema.damaged(path, "it became shorter while it was read");
    }
  }

  private void checkBlocks(long fileLength) {
    if (blocks.size() != grid().slices()) {
      throw SliceShardSchema.malformed(
          path, "it has " + blocks.size() + " batches for " + grid().slices() + " slices");
    }
    // What cannot be packed is stored as it is, so a body is hardly larger than its columns.
    long maxBody = 4L * grid().pixelsPerSlice() + MAX_BATCH_METADATA_BYTES;
    for (ArrowBlock block : blocks) {
      long offset = block.getOffset();
      long metadata = block.getMetadataLength();
      long body = block.getBodyLength();
      if (offset < MAGIC.length
          || offset > fileLength
          || metadata < 1
          || metadata > MAX_BATCH_METADATA_BYTES
          || body < 0
          || body > Math.min(maxBody, Integer.MAX_VALUE - metadata)
          || metadata + body > fileLength - offset) {
        throw SliceShardSchema.malformed(
            path,
            "a batch of %d + %d bytes at %d does not fit a file of %d"
                .formatted(metadata, body, offset, fileLength));
      }
    }
  }

  /** Flatbuffers meet a broken file with unchecked exceptions of any kind. */
  private static MedVolException broken(String path, RuntimeException cause) {
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return SliceShardSchema.malformed(
        path,
        "its Arrow structure is broken (" + reason.lines().findFirst().orElse("") + ")",
        cause);
  }
}
