package io.medvol.rollout.task;

import io.medvol.data.example.Sample;

/**
 * One kind of task. Owns what it reads and scores with, such as a segmenter; one thread at a time.
 */
public interface Task extends AutoCloseable {
  /**
   * Opens one sample; the caller closes it.
   *
   * @throws io.medvol.data.error.MedVolException (MALFORMED_DATA) if what the sample asks about
   *     cannot be read
   */
  OpenSample open(Sample sample);

  @Override
  void close();
}
