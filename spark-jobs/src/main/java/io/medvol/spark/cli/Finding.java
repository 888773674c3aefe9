package io.medvol.spark.cli;

/** What one check of the machine found. */
record Finding(boolean good, String sentence) {
  static Finding good(String sentence) {
    return new Finding(true, sentence);
  }

  static Finding fault(String sentence) {
    return new Finding(false, sentence);
  }

  String line() {
    return (good ? "ok    " : "fault ") + sentence;
  }
}
