package io.medvol.data.dataset;

import io.medvol.data.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Names that say nothing of the patient and stay the same between preparations. */
public final class Pseudonym {
  private static final String KEYED = "HmacSHA256";
  private static final int VOLUME_DIGITS = 16;
  private static final int QUESTION_DIGITS = 8;

  private Pseudonym() {}

  /** {@code v} and 64 bits of HMAC-SHA-256 of the case id under the salt. */
  public static String of(String salt, String caseId) {
    return "v" + keyed(salt, caseId, VOLUME_DIGITS);
  }

  /**
   * Unique per picture and question.
   *
   * @param question id of the question in its data set, which may tell the picture
   */
  public static String questionId(String salt, String imageId, String question) {
    return imageId + "/q-" + keyed(salt, question, QUESTION_DIGITS);
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

  private static String keyed(String salt, String text, int digits) {
    try {
      Mac mac = Mac.getInstance(KEYED);
      mac.init(new SecretKeySpec(salt.getBytes(StandardCharsets.UTF_8), KEYED));
      return Sha256.hex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8))).substring(0, digits);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + KEYED, e);
    }
  }

  private static String hash(String text, int digits) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, digits);
  }
}
