package io.medvol.reward.localisation;

import io.medvol.reward.propagation.Propagation;
import java.util.Optional;

/**
 * One completion as the terms see it.
 *
 * @param response the parsed completion
 * @param propagation what became of its evidence; empty if there was none to propagate
 */
record Answer<R>(R response, Optional<Propagation> propagation) {}
