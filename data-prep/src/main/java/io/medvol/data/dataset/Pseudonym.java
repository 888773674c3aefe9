package io.medvol.data.dataset;

import io.medvol.data.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Names that say nothing of the patient and stay the same between preparations. */
public final class Pseudonym {
  private static final int VOLUME_DIGITS = 16;
  private static final int QUESTION_DIGITS = 8;

  private Pseudonym() {}

  /** {@code v} and 64 bits of SHA-256 over salt and case id. */
  public static String of(String salt, String caseId) {
    return "v" + hash(salt + "\0" + caseId, VOLUME_DIGITS);
  }

  /**
   * Unique per picture and question.
   *
   * @param question id of the question in its data set
   */
  public static String questionId(String imageId, String question) {
    return imageId + "/q-" + hash(question, QUESTION_DIGITS);
  }

  /** Unique per volume, target and question, whatever the order of the queries. */
  static String sampleId(String volumeId, StructureQuery query, String question) {
    String target = query.target().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return volumeId
        + "/"
        + target
        + "-"
        + hash(query.target() + "\0" + query.labels() + "\0" + question, QUESTION_DIGITS);
  }

  private static String hash(String text, int digits) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, digits);
  }
}
