package io.medvol.spark.job;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts the tasks of a job that are done, for a person to see. */
final class TaskProgress extends SparkListener {
  private final Progress progress;
  private final long total;
  private final AtomicLong done = new AtomicLong();

  TaskProgress(Progress progress, long total) {
    this.progress = progress;
    this.total = total;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason().equals(Success$.MODULE$)) {
      progress.update(Math.min(done.incrementAndGet(), total), total, "");
    }
  }
}
