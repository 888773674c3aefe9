package io.medvol.reward.propagation;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import java.util.List;

/**
 * Carries boxes through a CT by intensity alone: on the prompt's slice it takes the largest
 * connected part of the box whose smoothed HU are like those of the box's inscribed ellipse (median
 * and median absolute deviation), then walks to the neighbouring slices, keeping what is both near
 * the slice before and of like intensity; it stops where nothing is left or where the area jumps,
 * which is a leak into a neighbour.
 *
 * <p>It is a deterministic stand-in that runs anywhere in milliseconds, not a trained segmenter: it
 * separates structures that differ in intensity from what surrounds them, and fails where they do
 * not. A loose box mixes in other tissue, widens the band and gives a worse mask. For MedSAM2 use
 * the propagator of the models module.
 *
 * <p>Stateless, so it may be shared between threads.
 */
public final class RegionGrowPropagator implements MaskPropagator {
  @Override
  public List<Propagation> propagate(CtVolume volume, List<EvidencePrompt> prompts) {
    return prompts.stream().map(prompt -> propagate(volume, prompt)).toList();
  }

  @Override
  public String name() {
    return "region-grower";
  }

  @Override
  public void close() {}

  private static Propagation propagate(CtVolume volume, EvidencePrompt prompt) {
    int slices = volume.size().slices();
    if (prompt.firstSlice() < 0 || prompt.lastSlice() >= slices) {
      return new Propagation.Failed(
          "Slices "
              + prompt.firstSlice()
              + ".."
              + prompt.lastSlice()
              + " were asked of a volume of "
              + slices);
    }
    BinaryMask.Builder mask = BinaryMask.builder(volume.size());
    for (EdgeBox box : prompt.boxes()) {
      if (box.x2() <= 0
          || box.y2() <= 0
          || box.x1() >= volume.size().columns()
          || box.y1() >= volume.size().rows()) {
        return new Propagation.Failed("The box " + box + " lies outside the slice");
      }
      new BoxGrower(volume, prompt.slice(), box)
          .grow(prompt.slice(), prompt.firstSlice(), prompt.lastSlice(), mask);
    }
    return new Propagation.Mask(mask.build());
  }
}
