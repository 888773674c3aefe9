package io.medvol.spark.step;

import java.io.Serializable;
import java.util.Objects;

/**
 * A file with a policy's parameters.
 *
 * @param path in storage that every executor reaches
 * @param version of the policy
 * @param digest SHA-256 of its parameters, which the reader checks
 * @param length of its parameters, values
 */
record StoredPolicy(String path, long version, String digest, int length) implements Serializable {
  StoredPolicy {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(digest, "digest");
  }
}
