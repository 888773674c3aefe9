package io.medvol.grpo.segment;

import io.medvol.data.phantom.Phantom;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomGenerator;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.reward.metric.Overlap;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Measures a propagator on phantoms from ground-truth boxes on their key slices: Dice on that slice
 * and in 3-D, beside an ellipse drawn in the box, and against boxes that are wrong. A prompt that
 * fails counts as an empty mask.
 */
public final class SegmenterMeasurement {
  /**
   * One object under one box error.
   *
   * @param grid {@code coarse} or {@code fine}
   * @param keyDice on the prompted slice
   * @param extentDice of the ellipse on the object's true slices
   * @param everywhereDice of the ellipse on all slices
   */
  public record Row(
      String grid,
      int volume,
      String structure,
      boolean lesion,
      double boxError,
      double keyDice,
      double dice,
      double ellipseKeyDice,
      double extentDice,
      double everywhereDice) {}

  private final SegmenterMeasurementConfig config;

  public SegmenterMeasurement(SegmenterMeasurementConfig config) {
    this.config = config;
  }

  /** Volumes in all. */
  public int volumes() {
    return config.coarse().volumes() + config.fine().volumes();
  }

  /**
   * @param progress told the number of volumes done
   */
  public MeasurementReport measure(MaskPropagator propagator, IntConsumer progress) {
    List<Row> rows = new ArrayList<>();
    measure("coarse", config.coarse(), propagator, rows, progress, 0);
    measure("fine", config.fine(), propagator, rows, progress, config.coarse().volumes());
    return new MeasurementReport(propagator.name(), config, rows);
  }

  private void measure(
      String grid,
      PhantomConfig phantoms,
      MaskPropagator propagator,
      List<Row> rows,
      IntConsumer progress,
      int done) {
    PhantomGenerator generator = new PhantomGenerator(phantoms);
    for (int volume = 0; volume < phantoms.volumes(); volume++) {
      Phantom phantom = generator.generate(volume);
      List<HeldOutObject> objects = HeldOutObject.of(phantom);
      GridSize size = phantom.ct().size();
      List<EvidencePrompt> prompts = new ArrayList<>();
      SplittableRandom random =
          new SplittableRandom(config.seed() * 31 + phantoms.seed() * 1_000_003 + volume);
      for (HeldOutObject object : objects) {
        for (double error : config.boxErrors()) {
          EdgeBox box = object.disturbed(error, random);
          prompts.add(new EvidencePrompt(object.keySlice(), List.of(box), 0, size.slices() - 1));
        }
      }
      List<Propagation> results = propagator.propagate(phantom.ct(), prompts);
      int at = 0;
      for (HeldOutObject object : objects) {
        BinaryMask extent = object.ellipseOverExtent();
        BinaryMask everywhere = BoxEllipse.of(size, object.box(), 0, size.slices() - 1);
        for (double error : config.boxErrors()) {
          BinaryMask found =
              results.get(at++) instanceof Propagation.Mask mask
                  ? mask.mask()
                  : BinaryMask.empty(size);
          rows.add(
              new Row(
                  grid,
                  volume,
                  object.title(),
                  object.lesion(),
                  error,
                  keyDice(object, found),
                  Overlap.of(object.mask(), found).dice(),
                  keyDice(object, extent),
                  Overlap.of(object.mask(), extent).dice(),
                  Overlap.of(object.mask(), everywhere).dice()));
        }
      }
      progress.accept(done + volume + 1);
    }
  }

  private static double keyDice(HeldOutObject object, BinaryMask found) {
    int key = object.keySlice();
    return Overlap.of(object.mask().restrictedTo(key, key), found.restrictedTo(key, key)).dice();
  }
}
