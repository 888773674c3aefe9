package io.medvol.spark.job;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.rollout.trajectory.PolicyState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** SHA-256 of a model's weight files and of the values that are trained. */
final class ModelDigest {
  private ModelDigest() {}

  static String of(ModelDirectory model, PolicyState values) {
    try {
      MessageDigest digest = Sha256.start();
      byte[] chunk = new byte[1 << 16];
      for (Path file : model.weightFiles()) {
        try (InputStream in = Files.newInputStream(file)) {
          for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            digest.update(chunk, 0, count);
          }
        }
      }
      digest.update(values.digest().getBytes(StandardCharsets.UTF_8));
      return Sha256.hex(digest.digest());
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "The weights of " + model.root() + " cannot be read: " + e.getMessage() + ".",
          e);
    }
  }
}
