package io.medvol.spark.job;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.model.policy.Precision;
import io.medvol.model.propagator.PropagationMode;
import io.medvol.model.propagator.PropagatorConfig;
import io.medvol.model.propagator.PropagatorType;
import io.medvol.model.propagator.Propagators;

/**
 * What of a propagator moves a mask: its weights by their content, not where they lie, and the
 * settings that count. How many tracks go together counts too, in last bits.
 */
record PropagatorIdentity(
    PropagatorType type,
    String weightsDigest,
    PropagationMode mode,
    Precision precision,
    double windowLevel,
    double windowWidth,
    int stopAfterEmpty,
    boolean largestComponent,
    int tracksAtOnce) {
  /** Settings that the region grower does not read do not count. */
  static PropagatorIdentity of(PropagatorConfig config) {
    PropagatorConfig read =
        config.type() == PropagatorType.REGION_GROW ? PropagatorConfig.defaults() : config;
    return new PropagatorIdentity(
        read.type(),
        Propagators.weightsDigest(read),
        read.mode(),
        read.precision(),
        read.windowLevel(),
        read.windowWidth(),
        read.stopAfterEmpty(),
        read.largestComponent(),
        read.tracksAtOnce());
  }

  String digest() {
    return new EffectiveConfig<>(this).digest();
  }
}
