package io.medvol.data.shard;

import com.github.luben.zstd.Zstd;
import io.medvol.data.error.MedVolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * Unpacks one record batch of a slice shard on the heap. Arrow's own reader leaves native memory
 * behind when it meets a damaged message; this one has none to leave.
 */
final class SliceBatch {
  private static final int CONTINUATION = -1;
  private static final int PREFIX_BYTES = 2 * Integer.BYTES;
  // A writer may pad a buffer, by Arrow's rules to at most 64 bytes.
  private static final int MAX_PADDING = 64;

  private static final int COLUMNS = 3;

  private final String path;
  private final int index;
  private final ByteBuffer block;
  private final int bodyStart;
  private final RecordBatch batch;

  /**
   * @param block metadata and body of the batch, as they lie in the file
   */
  SliceBatch(String path, int index, ByteBuffer block, int bodyStart) {
    this.path = path;
    this.index = index;
    this.block = block.order(ByteOrder.LITTLE_ENDIAN);
    this.bodyStart = bodyStart;
    if (bodyStart < PREFIX_BYTES || block.getInt(0) != CONTINUATION) {
      throw broken("does not begin with a message");
    }
    ByteBuffer metadata =
        block.slice(PREFIX_BYTES, bodyStart - PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    Message message = Message.getRootAsMessage(metadata);
    if (message.headerType() != MessageHeader.RecordBatch) {
      throw broken("is no record batch");
    }
    this.batch = (RecordBatch) message.header(new RecordBatch());
    if (batch.length() != 1) {
      throw broken("has " + batch.length() + " rows, not 1");
    }
    if (batch.nodesLength() != COLUMNS || batch.buffersLength() != 2 * COLUMNS) {
      throw broken("has " + batch.buffersLength() + " buffers, not " + 2 * COLUMNS);
    }
    if (batch.compression() != null && batch.compression().codec() != CompressionType.ZSTD) {
      throw broken("is not packed with ZSTD");
    }
  }

  ShardSlice read(int pixels, boolean labelled) {
    if (!isValid(0) || !isValid(1)) {
      throw broken("lacks its slice index or its HU values");
    }
    int slice = values(0, Integer.BYTES).getInt(0);
    if (slice != index) {
      throw broken("holds slice " + slice);
    }
    if (isValid(2) != labelled) {
      throw broken(labelled ? "lacks its labels" : "has labels that the header does not announce");
    }
    return new ShardSlice(index, shorts(1, pixels), labelled ? shorts(2, pixels) : null);
  }

  private boolean isValid(int column) {
    return batch.nodes(column).nullCount() == 0
        || (batch.buffers(2 * column).length() > 0 && (unpack(2 * column, 1).get(0) & 1) == 1);
  }

  private short[] shorts(int column, int count) {
    short[] values = new short[count];
    values(column, count * Short.BYTES).asShortBuffer().get(values);
    return values;
  }

  private ByteBuffer values(int column, int bytes) {
    return unpack(2 * column + 1, bytes);
  }

  private ByteBuffer unpack(int number, int expected) {
    Buffer buffer = batch.buffers(number);
    long bodyLength = (long) block.capacity() - bodyStart;
    if (buffer.offset() < 0
        || buffer.length() < expected(expected)
        || buffer.offset() > bodyLength
        || buffer.length() > bodyLength - buffer.offset()) {
      throw broken("has a buffer of " + buffer.length() + " bytes at " + buffer.offset());
    }
    ByteBuffer packed =
        block
            .slice(bodyStart + (int) buffer.offset(), (int) buffer.length())
            .order(ByteOrder.LITTLE_ENDIAN);
    if (batch.compression() == null) {
      return packed;
    }
    long length = packed.getLong(0);
    int packedLength = packed.capacity() - Long.BYTES;
    if (length == -1 && packedLength >= expected) {
      return packed.slice(Long.BYTES, packedLength).order(ByteOrder.LITTLE_ENDIAN);
    }
    if (length < expected || length > expected + MAX_PADDING) {
      throw broken("announces a buffer of " + length + " bytes where " + expected + " belong");
    }
    byte[] unpacked = new byte[(int) length];
    long written =
        Zstd.decompressByteArray(
            unpacked,
            0,
            unpacked.length,
            packed.array(),
            packed.arrayOffset() + Long.BYTES,
            packedLength);
    if (Zstd.isError(written) || written != length) {
      throw broken("cannot be unpacked");
    }
    return ByteBuffer.wrap(unpacked).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The least a buffer takes in the file: packed ones begin with their unpacked length. */
  private int expected(int unpacked) {
    return batch.compression() == null ? unpacked : Long.BYTES;
  }

  private MedVolException broken(String reason) {
    return SliceShardSchema.malformed(path, "batch " + index + " " + reason);
  }
}
