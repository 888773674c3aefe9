package io.medvol.spark.hadoop;

import java.io.IOException;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;

/** An object, which appears when its stream is closed. */
final class ObjectDraft extends Draft {
  ObjectDraft(FSDataOutputStream out) {
    super(out);
  }

  @Override
  void publish(FSDataOutputStream written) throws IOException {
    written.close();
  }

  @Override
  void discard(FSDataOutputStream unfinished) throws IOException {
    if (unfinished.hasCapability(CommonPathCapabilities.ABORTABLE_STREAM)) {
      unfinished.abort();
    } else {
      unfinished.close();
    }
  }

  /** An object cannot be forced to storage before its end. */
  @Override
  public void flush() {}
}
