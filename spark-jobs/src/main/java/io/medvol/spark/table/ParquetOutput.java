package io.medvol.spark.table;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** One Parquet file, written through the storage port: it appears whole or not at all. */
final class ParquetOutput implements OutputFile {
  static final String FILE = "part-00000.snappy.parquet";

  private final Storage storage;
  private final String path;
  private Sha256.Stream hashed;

  private ParquetOutput(Storage storage, String path) {
    this.storage = storage;
    this.path = path;
  }

  /**
   * Makes these rows, in one file, all that a folder holds.
   *
   * @return SHA-256 of the file
   * @throws MedVolException (RESOURCE) if it cannot be written
   */
  static String replace(Storage storage, String folder, StructType schema, List<Row> rows) {
    try {
      storage.delete(folder);
      return write(storage, Storage.join(folder, FILE), schema, rows);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE,
          "Cannot write "
              + folder
              + ": "
              + e.getMessage()
              + ". Check space and permissions of the folder it lies in, then run again.",
          e);
    }
  }

  private static String write(Storage storage, String path, StructType schema, List<Row> rows)
      throws IOException {
    ParquetOutput file = new ParquetOutput(storage, path);
    try (ParquetWriter<Row> writer = new Builder(file, schema).build()) {
      for (Row row : rows) {
        writer.write(row);
      }
    }
    return file.hashed.digest();
  }

  @Override
  public PositionOutputStream create(long blockSize) throws IOException {
    hashed = new Sha256.Stream(storage.create(path));
    return new Counted(hashed);
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSize) throws IOException {
    return create(blockSize);
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  @Override
  public String getPath() {
    return path;
  }

  private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private final StructType schema;

    Builder(OutputFile file, StructType schema) {
      super(file);
      this.schema = schema;
      withCompressionCodec(CompressionCodecName.SNAPPY);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
      return new RowWriteSupport(schema);
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(ParquetConfiguration configuration) {
      return new RowWriteSupport(schema);
    }
  }

  private static final class Counted extends PositionOutputStream {
    private final OutputStream out;
    private long position;

    Counted(OutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      position += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
