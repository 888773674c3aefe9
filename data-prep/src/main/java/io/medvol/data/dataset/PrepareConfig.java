package io.medvol.data.dataset;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.data.config.Secret;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.Serializable;
import java.util.Objects;

/** How volumes become shards and samples. */
@ConfigDescription("How volumes become shards and samples.")
public record PrepareConfig(
    @ConfigDescription("Slices of a volume shown to the policy, evenly spaced; at least 1.")
        int shownSlices,
    @ConfigDescription("Whether a question about a structure that is absent gives a sample.")
        AbsentTargets absentTargets,
    @ConfigDescription(
            "Key of the pseudonym of each case; choose your own, and keep it from those who must not"
                + " find the case behind a volume id. It is in no output.")
        @Secret
        String salt,
    @ConfigDescription(
            "Share of rejected cases, 0 to 1, above which the preparation fails instead of"
                + " listing them.")
        double maxRejectedShare,
    @ConfigDescription(
            "What becomes of a scan whose values cannot be Hounsfield units, such as 0 to 1:"
                + " reject it, or warn and take the values as they are.")
        ImplausibleValues implausibleValues)
    implements Serializable {
  public PrepareConfig {
    Objects.requireNonNull(absentTargets, "absentTargets");
    Objects.requireNonNull(implausibleValues, "implausibleValues");
    ConfigLimits.check()
        .atLeast("shown-slices", shownSlices, 1)
        .notBlank("salt", salt)
        .between("max-rejected-share", maxRejectedShare, 0, 1)
        .orThrow();
  }

  /**
   * The salt, for pseudonyms.
   *
   * @throws MedVolException (INVALID_CONFIG) if it is only what outputs have in its place
   */
  public String requireSalt() {
    if (salt.equals(Secret.HIDDEN)) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "prepare.salt is '"
              + Secret.HIDDEN
              + "', which written configurations have in place of a salt; give the salt itself"
              + " again, in a file of yours, so that the pseudonyms stay the same.");
    }
    return salt;
  }

  /** Without the salt. */
  @Override
  public String toString() {
    return "PrepareConfig[shownSlices="
        + shownSlices
        + ", absentTargets="
        + absentTargets
        + ", maxRejectedShare="
        + maxRejectedShare
        + ", implausibleValues="
        + implausibleValues
        + "]";
  }

  public static PrepareConfig defaults() {
    return new PrepareConfig(16, AbsentTargets.DROP, "medvol", 0.5, ImplausibleValues.REJECT);
  }
}
