package io.medvol.spark.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.StreamCapabilities;
import org.junit.jupiter.api.Test;

class ObjectDraftTest {
  /** As an object store's stream: its close makes the object appear. */
  private static final class Upload extends OutputStream implements Abortable, StreamCapabilities {
    private final List<String> ends = new ArrayList<>();
    private int room;

    Upload(int room) {
      this.room = room;
    }

    @Override
    public void write(int value) throws IOException {
      if (room == 0) {
        room = Integer.MAX_VALUE;
        throw new IOException("503 Slow Down");
      }
      room--;
    }

    @Override
    public void close() {
      ends.add("published");
    }

    @Override
    public AbortableResult abort() {
      ends.add("aborted");
      return null;
    }

    @Override
    public boolean hasCapability(String capability) {
      return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM);
    }
  }

  private static ObjectDraft draft(Upload upload) throws IOException {
    return new ObjectDraft(new FSDataOutputStream(upload, null));
  }

  @Test
  void anObjectAppearsWhenItIsClosedAndOnce() throws IOException {
    Upload upload = new Upload(10);
    ObjectDraft draft = draft(upload);
    draft.write(new byte[10]);
    draft.flush();
    assertThat(upload.ends).isEmpty();
    draft.close();
    draft.close();
    assertThat(upload.ends).containsExactly("published");
  }

  @Test
  void anObjectWithAGapIsGivenUpEvenIfLaterWritesSucceed() throws IOException {
    Upload upload = new Upload(4);
    ObjectDraft draft = draft(upload);
    draft.write(new byte[4]);
    assertThatThrownBy(() -> draft.write(new byte[4])).hasMessage("503 Slow Down");
    draft.write(new byte[4]);
    draft.close();
    assertThat(upload.ends).containsExactly("aborted");
  }
}
