package io.medvol.spark.hadoop;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;

/**
 * A file that is being written: published when it is closed, and discarded instead where a write of
 * it has failed, since what follows the gap would make it look whole. Not thread-safe.
 */
abstract class Draft extends OutputStream {
  private final FSDataOutputStream out;
  private boolean failed;
  private boolean closed;

  Draft(FSDataOutputStream out) {
    this.out = out;
  }

  /** Ends the stream and makes the file appear. */
  abstract void publish(FSDataOutputStream written) throws IOException;

  /** Ends the stream; nothing appears. */
  abstract void discard(FSDataOutputStream unfinished) throws IOException;

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (failed) {
      discard(out);
    } else {
      publish(out);
    }
  }
}
