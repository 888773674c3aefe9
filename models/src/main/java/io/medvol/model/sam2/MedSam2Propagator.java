package io.medvol.model.sam2;

import io.medvol.data.error.MedVolException;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GreyRule;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.HounsfieldWindow;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.reward.metric.ConnectedComponents;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Carries boxes through a CT with MedSAM2. The boxes of all prompts are followed as one batch over
 * features that are computed once for each slice and stay, within their share of memory, for later
 * calls, also for other volumes. A prompt's mask is the union of its boxes' masks.
 *
 * <p>Not for several threads at once: give each task a propagator of its own.
 */
public final class MedSam2Propagator implements MaskPropagator {
  private final TorchRuntime runtime;
  private final Sam2Model model;
  private final MedSam2Settings settings;
  private final FeatureCache features;

  private MedSam2Propagator(
      TorchRuntime runtime,
      Sam2Model model,
      MedSam2Settings settings,
      Optional<FeatureFiles> files) {
    this.runtime = runtime;
    this.model = model;
    this.settings = settings;
    this.features = new FeatureCache(model, settings.options().cacheBytes(), files);
  }

  /**
   * Loads a network, which the propagator owns.
   *
   * @param weights a torch checkpoint ({@code .pt}) or a safetensors file
   * @throws MedVolException if the weights are refused or belong to another model
   */
  public static MedSam2Propagator open(Sam2Config config, Path weights, MedSam2Settings settings) {
    return open(config, weights, settings, Optional.empty());
  }

  /**
   * Loads a network, which the propagator owns.
   *
   * @param weights a torch checkpoint ({@code .pt}) or a safetensors file
   * @param cache folder where features of slices are looked for and left
   * @throws MedVolException if the weights are refused or belong to another model, or the folder
   *     cannot be made
   */
  public static MedSam2Propagator open(
      Sam2Config config, Path weights, MedSam2Settings settings, Optional<Path> cache) {
    TorchRuntime runtime = TorchRuntime.open();
    try {
      Sam2Model model = Sam2Model.load(config, weights, settings.precision(), runtime);
      Optional<FeatureFiles> files = cache.map(folder -> new FeatureFiles(folder, model));
      return new MedSam2Propagator(runtime, model, settings, files);
    } catch (MedVolException e) {
      runtime.close();
      throw e;
    }
  }

  @Override
  public List<Propagation> propagate(CtVolume ct, List<EvidencePrompt> prompts) {
    List<Optional<String>> refusals = new ArrayList<>();
    Set<SlicePrompt.Points> boxes = new LinkedHashSet<>();
    for (EvidencePrompt prompt : prompts) {
      Optional<String> refusal = refusal(prompt, ct.size());
      refusals.add(refusal);
      if (refusal.isEmpty()) {
        boxes.addAll(starts(prompt, ct.size()));
      }
    }
    GreySlices greys = greys(ct);
    try (Sam2Propagation propagation =
        new Sam2Propagation(model, greys, settings.options(), features)) {
      Map<SlicePrompt.Points, SlicePrompt> seeds = seeds(List.copyOf(boxes), propagation);
      Set<TrackRequest> wanted = new LinkedHashSet<>();
      for (int i = 0; i < prompts.size(); i++) {
        if (refusals.get(i).isEmpty()) {
          wanted.addAll(tracks(prompts.get(i), ct.size(), seeds));
        }
      }
      List<TrackRequest> distinct = List.copyOf(wanted);
      List<BinaryMask> found = propagation.propagate(distinct);
      Map<TrackRequest, BinaryMask> masks = new HashMap<>();
      for (int i = 0; i < distinct.size(); i++) {
        masks.put(distinct.get(i), found.get(i));
      }
      List<Propagation> results = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        EvidencePrompt prompt = prompts.get(i);
        results.add(
            refusals
                .get(i)
                .<Propagation>map(Propagation.Failed::new)
                .orElseGet(
                    () -> new Propagation.Mask(union(tracks(prompt, ct.size(), seeds), masks))));
      }
      return results;
    }
  }

  private BinaryMask union(List<TrackRequest> tracks, Map<TrackRequest, BinaryMask> masks) {
    BinaryMask union = tracks.stream().map(masks::get).reduce(BinaryMask::union).orElseThrow();
    if (settings.parts() == MedSam2Settings.Parts.ALL || union.count() == 0) {
      return union;
    }
    return ConnectedComponents.of(union, ConnectedComponents.Connectivity.CORNERS).get(0).mask();
  }

  /** Why a prompt cannot be followed; empty where it can. */
  private static Optional<String> refusal(EvidencePrompt prompt, GridSize size) {
    if (prompt.firstSlice() < 0 || prompt.lastSlice() >= size.slices()) {
      return Optional.of(
          "Slices "
              + prompt.firstSlice()
              + ".."
              + prompt.lastSlice()
              + " were asked of a volume of "
              + size.slices());
    }
    for (EdgeBox box : prompt.boxes()) {
      boolean finite = Double.isFinite(box.area());
      if (!finite
          || box.x2() <= 0
          || box.y2() <= 0
          || box.x1() >= size.columns()
          || box.y1() >= size.rows()) {
        return Optional.of("The box " + box + " lies outside the slice");
      }
    }
    return Optional.empty();
  }

  private static List<SlicePrompt.Points> starts(EvidencePrompt prompt, GridSize size) {
    return prompt.boxes().stream().map(box -> start(prompt.slice(), box, size)).toList();
  }

  /** What the tracks of boxes start from. */
  private Map<SlicePrompt.Points, SlicePrompt> seeds(
      List<SlicePrompt.Points> boxes, Sam2Propagation propagation) {
    Map<SlicePrompt.Points, SlicePrompt> seeds = new HashMap<>();
    boolean masked = settings.seeding() == MedSam2Settings.Seeding.MASK_FROM_BOX;
    List<BinaryMask> masks = masked ? propagation.segment(boxes) : List.of();
    for (int i = 0; i < boxes.size(); i++) {
      SlicePrompt.Points box = boxes.get(i);
      seeds.put(box, masked ? new SlicePrompt.Mask(box.slice(), masks.get(i)) : box);
    }
    return seeds;
  }

  private static List<TrackRequest> tracks(
      EvidencePrompt prompt, GridSize size, Map<SlicePrompt.Points, SlicePrompt> seeds) {
    return starts(prompt, size).stream()
        .map(
            start ->
                new TrackRequest(
                    List.of(seeds.get(start)), prompt.firstSlice(), prompt.lastSlice()))
        .toList();
  }

  /** The network's corners are pixels, the last one included; edges run around the pixels. */
  private static SlicePrompt.Points start(int slice, EdgeBox box, GridSize size) {
    double x1 = Math.max(0, box.x1());
    double y1 = Math.max(0, box.y1());
    double x2 = Math.max(x1, Math.min(size.columns(), box.x2()) - 1);
    double y2 = Math.max(y1, Math.min(size.rows(), box.y2()) - 1);
    return SlicePrompt.box(slice, (float) x1, (float) y1, (float) x2, (float) y2);
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
    features.close();
    model.close();
    runtime.close();
  }
}
