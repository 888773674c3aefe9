package io.medvol.model.propagator;

/** What carries boxes through a scan. */
public enum PropagatorType {
  /** By intensity alone, without a network: {@code RegionGrowPropagator}. */
  REGION_GROW,
  /** By SAM 2.1's video model: {@code MedSam2Propagator}. */
  MEDSAM2
}
