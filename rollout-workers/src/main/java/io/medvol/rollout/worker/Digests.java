package io.medvol.rollout.worker;

import io.medvol.data.storage.Sha256;
import io.medvol.model.policy.TokenIds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** SHA-256 in lower-case hex. */
final class Digests {
  private Digests() {}

  /** Of the ids as little-endian 32-bit words. */
  static String sha256(TokenIds tokens) {
    ByteBuffer bytes = ByteBuffer.allocate(tokens.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(tokens.toArray());
    return Sha256.of(bytes.array());
  }
}
