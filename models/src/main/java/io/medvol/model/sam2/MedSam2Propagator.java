package io.medvol.model.sam2;

import io.medvol.data.error.MedVolException;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GreyRule;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.HounsfieldWindow;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Carries boxes through a CT with MedSAM2. The boxes of all prompts are followed as one batch over
 * features that are computed once for each slice; those of the last volume stay for the next call.
 * A prompt's mask is the union of its boxes' masks.
 *
 * <p>Not for several threads at once: give each task a propagator of its own.
 */
public final class MedSam2Propagator implements MaskPropagator {
  private final TorchRuntime runtime;
  private final Sam2Model model;
  private final MedSam2Settings settings;
  private CtVolume volume;
  private Sam2Propagation propagation;

  private MedSam2Propagator(TorchRuntime runtime, Sam2Model model, MedSam2Settings settings) {
    this.runtime = runtime;
    this.model = model;
    this.settings = settings;
  }

  /**
   * Loads a network, which the propagator owns.
   *
   * @param weights a torch checkpoint ({@code .pt}) or a safetensors file
   * @throws MedVolException if the weights are refused or belong to another model
   */
  public static MedSam2Propagator open(Sam2Config config, Path weights, MedSam2Settings settings) {
    TorchRuntime runtime = TorchRuntime.open();
    try {
      return new MedSam2Propagator(runtime, Sam2Model.load(config, weights, runtime), settings);
    } catch (MedVolException e) {
      runtime.close();
      throw e;
    }
  }

  @Override
  public List<Propagation> propagate(CtVolume ct, List<EvidencePrompt> prompts) {
    show(ct);
    List<List<TrackRequest>> tracks = new ArrayList<>();
    List<Propagation> results = new ArrayList<>();
    Set<TrackRequest> wanted = new LinkedHashSet<>();
    for (EvidencePrompt prompt : prompts) {
      String refusal = refusal(prompt, ct.size());
      List<TrackRequest> own = refusal == null ? tracks(prompt, ct.size()) : List.of();
      tracks.add(own);
      wanted.addAll(own);
      results.add(refusal == null ? null : new Propagation.Failed(refusal));
    }
    List<TrackRequest> distinct = List.copyOf(wanted);
    List<BinaryMask> masks = propagation.propagate(distinct);
    for (int i = 0; i < results.size(); i++) {
      BinaryMask union = BinaryMask.empty(ct.size());
      for (TrackRequest track : tracks.get(i)) {
        union = union.union(masks.get(distinct.indexOf(track)));
      }
      if (results.get(i) == null) {
        results.set(i, new Propagation.Mask(union));
      }
    }
    return results;
  }

  /** Why a prompt cannot be followed, null where it can. */
  private static String refusal(EvidencePrompt prompt, GridSize size) {
    if (prompt.firstSlice() < 0 || prompt.lastSlice() >= size.slices()) {
      return "Slices "
          + prompt.firstSlice()
          + ".."
          + prompt.lastSlice()
          + " were asked of a volume of "
          + size.slices();
    }
    for (EdgeBox box : prompt.boxes()) {
      boolean finite = Double.isFinite(box.area());
      if (!finite
          || box.x2() <= 0
          || box.y2() <= 0
          || box.x1() >= size.columns()
          || box.y1() >= size.rows()) {
        return "The box " + box + " lies outside the slice";
      }
    }
    return null;
  }

  private List<TrackRequest> tracks(EvidencePrompt prompt, GridSize size) {
    List<TrackRequest> tracks = new ArrayList<>();
    for (EdgeBox box : prompt.boxes()) {
      SlicePrompt start = start(prompt.slice(), box, size);
      if (settings.seeding() == MedSam2Settings.Seeding.MASK_FROM_BOX) {
        start = new SlicePrompt.Mask(prompt.slice(), propagation.segment(start));
      }
      tracks.add(new TrackRequest(List.of(start), prompt.firstSlice(), prompt.lastSlice()));
    }
    return tracks;
  }

  /** The network's corners are pixels, the last one included; edges run around the pixels. */
  private static SlicePrompt start(int slice, EdgeBox box, GridSize size) {
    double x1 = Math.max(0, box.x1());
    double y1 = Math.max(0, box.y1());
    double x2 = Math.max(x1, Math.min(size.columns(), box.x2()) - 1);
    double y2 = Math.max(y1, Math.min(size.rows(), box.y2()) - 1);
    return SlicePrompt.box(slice, (float) x1, (float) y1, (float) x2, (float) y2);
  }

  private void show(CtVolume ct) {
    if (volume != ct) {
      if (propagation != null) {
        propagation.close();
      }
      propagation = new Sam2Propagation(model, greys(ct), settings.options());
      volume = ct;
    }
  }

  /** {@link GreyRule#RANGE} over the whole volume, one slice at a time. */
  private GreySlices greys(CtVolume ct) {
    HounsfieldWindow window = settings.window();
    double least = window.high();
    double most = window.low();
    for (int slice = 0; slice < ct.size().slices(); slice++) {
      for (short hu : ct.slice(slice)) {
        double clipped = Math.max(window.low(), Math.min(window.high(), hu));
        least = Math.min(least, clipped);
        most = Math.max(most, clipped);
      }
    }
    if (!(most > least)) {
      return new GreySlices(ct.size(), slice -> new byte[ct.size().pixelsPerSlice()]);
    }
    HounsfieldWindow range = new HounsfieldWindow((least + most) / 2, most - least);
    return new GreySlices(ct.size(), slice -> range.greys(ct.slice(slice), GreyRule.BOUNDS));
  }

  @Override
  public String name() {
    return "medsam2";
  }

  @Override
  public void close() {
    if (propagation != null) {
      propagation.close();
    }
    model.close();
    runtime.close();
  }
}
