package io.medvol.grpo.checkpoint;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.PolicyState;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The trainable parameters of one policy as a safetensors file of their own. */
public final class PolicyFile {
  private static final String PARAMETERS = "parameters";

  private PolicyFile() {}

  /** Writes it, visible once complete. */
  public static void write(Storage storage, String path, PolicyState policy) throws IOException {
    try (var out = storage.create(path)) {
      VectorFile.write(Map.of(PARAMETERS, policy.parameters()), out);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param version of the policy
   * @param digest SHA-256 of its parameters
   * @param length of its parameters, values
   * @throws IOException if it cannot be read, or is no such file
   * @throws MedVolException (MALFORMED_DATA) if it holds other parameters
   */
  public static PolicyState read(
      Storage storage, String path, long version, String digest, int length) throws IOException {
    FloatVector parameters;
    try (InputStream in = storage.open(path)) {
      parameters = VectorFile.read(in, length).get(PARAMETERS);
    }
    if (parameters == null || !parameters.sha256().equals(digest)) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "Policy file "
              + path
              + " does not hold the policy "
              + digest
              + " that the run wrote there. Leave the run directory to the run, then run again.");
    }
    return new PolicyState(version, digest, parameters);
  }
}
