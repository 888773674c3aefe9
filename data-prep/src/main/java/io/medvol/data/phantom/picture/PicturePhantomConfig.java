package io.medvol.data.phantom.picture;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;

/** Which pictures are made. */
@ConfigDescription("Synthetic pictures with multiple-choice questions, for trying Med-R1.")
public record PicturePhantomConfig(
    @ConfigDescription("Pictures of each of the eight modalities; at least 1.") int pictures,
    @ConfigDescription("Two sets with different seeds share no picture.") long seed,
    @ConfigDescription("Rows and columns; 16 to 1024.") int side,
    @ConfigDescription("Standard deviation of the noise in grey levels; 0 to 100.") double noise,
    @ConfigDescription(
            "Whether options stand in an order of their own in each question. In a fixed order the"
                + " letter names the class, which a tiny model learns in minutes; shuffled, it must"
                + " read them.")
        OptionOrder optionOrder) {
  public PicturePhantomConfig {
    ConfigLimits.check()
        .between("pictures", pictures, 1, 100_000)
        .between("side", side, 16, 1024)
        .between("noise", noise, 0, 100)
        .orThrow();
  }

  /** How the options of a question are ordered. */
  public enum OptionOrder {
    /** The same in every question of a kind. */
    FIXED,
    /** Drawn for each question. */
    SHUFFLED
  }

  public static PicturePhantomConfig defaults() {
    return new PicturePhantomConfig(40, 7, 28, 8, OptionOrder.FIXED);
  }
}
