package io.medvol.spark.session;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** A session for the length of a command: ended with it, unless it was there before. */
public final class SparkScope implements AutoCloseable {
  private final SparkSession session;
  private final boolean ours;

  SparkScope(SparkSession session, boolean ours) {
    this.session = session;
    this.ours = ours;
  }

  public SparkSession session() {
    return session;
  }

  public JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  @Override
  public void close() {
    if (ours) {
      session.stop();
    }
  }
}
