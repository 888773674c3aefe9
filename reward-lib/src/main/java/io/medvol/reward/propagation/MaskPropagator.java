package io.medvol.reward.propagation;

import io.medvol.data.volume.CtVolume;
import java.util.List;

/**
 * Carries boxes on one slice through a volume to a 3-D mask. A whole group is asked at once, so
 * that an implementation can read each slice once and share work between equal prompts.
 *
 * <p>Results depend on the volume and the prompt alone, not on what else is asked in the call. What
 * a slice gets does not depend on how far the wanted slices reach beyond it. Implementations are
 * frozen; they say whether they may be shared between threads.
 */
public interface MaskPropagator extends AutoCloseable {
  /**
   * One result for each prompt, in order. A prompt that fails has a failed result; the call throws
   * only for a bug.
   */
  List<Propagation> propagate(CtVolume volume, List<EvidencePrompt> prompts);

  /** Name for reports, such as {@code region-grower}. */
  String name();

  @Override
  void close();
}
