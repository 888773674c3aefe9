package io.medvol.model.pickle;

/** A pickle that cannot be read; the sentence continues "The checkpoint FILE …". */
final class PickleException extends Exception {
  private static final long serialVersionUID = 1L;

  private final CheckpointException.Kind kind;

  PickleException(CheckpointException.Kind kind, String sentence) {
    super(sentence);
    this.kind = kind;
  }

  static PickleException corrupt(String sentence) {
    return new PickleException(CheckpointException.Kind.CORRUPT, sentence);
  }

  CheckpointException.Kind kind() {
    return kind;
  }
}
