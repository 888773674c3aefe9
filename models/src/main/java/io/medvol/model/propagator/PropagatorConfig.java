package io.medvol.model.propagator;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.data.volume.HounsfieldWindow;
import io.medvol.model.policy.Precision;
import io.medvol.model.sam2.MedSam2Settings;
import io.medvol.model.sam2.Sam2Options;
import java.io.Serializable;
import java.util.Objects;

/** What carries an answer's boxes through the scan to a 3-D mask. */
@ConfigDescription("What carries an answer's boxes through the scan to a 3-D mask.")
public record PropagatorConfig(
    @ConfigDescription(
            "region-grow needs no weights and separates what differs in intensity; medsam2 is"
                + " SAM 2.1's video model. The other keys are medsam2's.")
        PropagatorType type,
    @ConfigDescription(
            "Weights, under the same path on every machine: an official .pt file, a safetensors"
                + " file, or a folder with config.yaml and model.safetensors; bundle: the small"
                + " network that comes with the platform and knows phantoms, not patients.")
        String checkpoint,
    @ConfigDescription(
            "The official configuration file of the weights; absent: config.yaml or config.json"
                + " beside them, else that of MedSAM2 (sam2.1_hiera_t512).")
        String modelConfig,
    @ConfigDescription(
            "medsam2 starts tracks from boxes, medvol-r1 from the mask that a box gives on its"
                + " slice.")
        PropagationMode mode,
    @ConfigDescription(
            "What the network computes in; bf16 only where the processor multiplies it, elsewhere"
                + " the weights are rounded to it and nothing is gained.")
        Precision precision,
    @ConfigDescription("Hounsfield units in the middle of the window the network sees.")
        double windowLevel,
    @ConfigDescription("Hounsfield units from black to white, above 0.") double windowWidth,
    @ConfigDescription(
            "A direction ends after this many slices without the object; 0 never ends early, as"
                + " the official predictor.")
        int stopAfterEmpty,
    @ConfigDescription("Whether only the largest connected part of each mask is kept.")
        boolean largestComponent,
    @ConfigDescription("Most tracks that advance as one batch, at least 1.") int tracksAtOnce,
    @ConfigDescription("Memory for features of slices, in bytes, beside the weights.")
        long cacheBytes,
    @ConfigDescription(
            "Folder on each machine where features of slices are kept between runs; absent: none.")
        String cacheFolder)
    implements Serializable {
  /** Names the checkpoint that comes with the platform. */
  public static final String BUNDLE = "bundle";

  public PropagatorConfig {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(precision, "precision");
    ConfigLimits limits =
        ConfigLimits.check()
            .above("window-width", windowWidth, 0)
            .atLeast("stop-after-empty", stopAfterEmpty, 0)
            .atLeast("tracks-at-once", tracksAtOnce, 1)
            .atLeast("cache-bytes", cacheBytes, 0);
    if (type == PropagatorType.MEDSAM2) {
      limits.notBlank("checkpoint", checkpoint);
    }
    if (BUNDLE.equals(checkpoint)) {
      limits.satisfies(
          "model-config", modelConfig, Objects::isNull, "none, as the bundle brings its own");
    }
    limits.orThrow();
  }

  /** The region grower, which runs anywhere. */
  public static PropagatorConfig defaults() {
    Sam2Options options = Sam2Options.MEDSAM2;
    HounsfieldWindow window = MedSam2Settings.DEFAULT.window();
    return new PropagatorConfig(
        PropagatorType.REGION_GROW,
        null,
        null,
        PropagationMode.MEDSAM2,
        MedSam2Settings.DEFAULT.precision(),
        window.level(),
        window.width(),
        options.stopAfterEmpty(),
        false,
        options.tracksAtOnce(),
        options.cacheBytes(),
        null);
  }

  /** The same with a folder for features where none is set, and it is the network's. */
  public PropagatorConfig orCacheFolder(String folder) {
    if (cacheFolder != null || type == PropagatorType.REGION_GROW) {
      return this;
    }
    return new PropagatorConfig(
        type,
        checkpoint,
        modelConfig,
        mode,
        precision,
        windowLevel,
        windowWidth,
        stopAfterEmpty,
        largestComponent,
        tracksAtOnce,
        cacheBytes,
        folder);
  }

  /** The settings of the network. */
  MedSam2Settings settings() {
    Sam2Options like = Sam2Options.MEDSAM2;
    return new MedSam2Settings(
        new HounsfieldWindow(windowLevel, windowWidth),
        mode.seeding(),
        largestComponent ? MedSam2Settings.Parts.LARGEST : MedSam2Settings.Parts.ALL,
        new Sam2Options(
            like.postprocessing(), like.fillHoleArea(), stopAfterEmpty, tracksAtOnce, cacheBytes),
        precision);
  }
}
