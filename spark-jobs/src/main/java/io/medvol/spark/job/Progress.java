package io.medvol.spark.job;

/** What a job tells the person who waits for it. Thread-safe. */
public interface Progress {
  /** For callers nobody waits for. */
  Progress SILENT =
      new Progress() {
        @Override
        public void say(String line) {}

        @Override
        public void begin(String phase) {}

        @Override
        public void update(long done, long total, String note) {}
      };

  /** One line that stays. */
  void say(String line);

  /** Something that is seldom meant, and what to do about it. */
  default void warn(String sentence) {
    say("Warning: " + sentence);
  }

  /** A new phase, such as {@code Preparing volumes}. */
  void begin(String phase);

  /** How far the phase has come; the note may be empty. */
  void update(long done, long total, String note);
}
