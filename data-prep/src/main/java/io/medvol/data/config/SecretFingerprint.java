package io.medvol.data.config;

import io.medvol.data.storage.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Tells two secrets apart in a digest: PBKDF2, so that trying words until one fits takes long. */
final class SecretFingerprint {
  private static final int ITERATIONS = 100_000;
  private static final int BITS = 256;
  private static final byte[] PURPOSE = "medvol.config.secret".getBytes(StandardCharsets.UTF_8);

  private SecretFingerprint() {}

  static String of(String secret) {
    try {
      PBEKeySpec key = new PBEKeySpec(secret.toCharArray(), PURPOSE, ITERATIONS, BITS);
      return Sha256.hex(
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(key).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has PBKDF2 with SHA-256", e);
    }
  }
}
