package io.medvol.model.sam2;

import io.medvol.data.volume.GridSize;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides on the prompted slices of requests; prompts of equally many points go as one batch. */
final class Conditioner {
  private record Prompted(int request, SlicePrompt prompt) {}

  private final Sam2Model model;
  private final SliceSegmenter segmenter;
  private final GridSize size;
  private final int atOnce;

  /**
   * @param size of the volume
   * @param atOnce most prompts of one batch
   */
  Conditioner(Sam2Model model, SliceSegmenter segmenter, GridSize size, int atOnce) {
    this.model = model;
    this.segmenter = segmenter;
    this.size = size;
    this.atOnce = atOnce;
  }

  /**
   * Fills in what is found on the prompted slices of each request, in the order of its prompts.
   *
   * @param results one empty list for each request; they own what they hold, also after a failure
   */
  void condition(
      List<TrackRequest> requests,
      FeatureCache features,
      KeyedSlices volume,
      List<List<Track.Conditioned>> results) {
    Map<Integer, List<Prompted>> byPoints = new LinkedHashMap<>();
    for (int request = 0; request < requests.size(); request++) {
      for (SlicePrompt prompt : requests.get(request).prompts()) {
        if (prompt instanceof SlicePrompt.Points points) {
          byPoints
              .computeIfAbsent(points.points().size(), count -> new ArrayList<>())
              .add(new Prompted(request, prompt));
        } else if (prompt instanceof SlicePrompt.Mask mask) {
          masked(request, mask, features, volume, results);
        }
      }
    }
    for (List<Prompted> alike : byPoints.values()) {
      for (int from = 0; from < alike.size(); from += atOnce) {
        int to = Math.min(alike.size(), from + atOnce);
        pointed(alike.subList(from, to), features, volume, results);
      }
    }
  }

  private void masked(
      int request,
      SlicePrompt.Mask mask,
      FeatureCache features,
      KeyedSlices volume,
      List<List<Track.Conditioned>> results) {
    SliceView view = features.of(List.of(mask.slice()), volume).get(0);
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      SliceSegmenter.Batch batch = segmenter.masked(mask, view.features(), scope);
      results.get(request).add(conditioned(batch, 0, scope));
    }
  }

  private void pointed(
      List<Prompted> alike,
      FeatureCache features,
      KeyedSlices volume,
      List<List<Track.Conditioned>> results) {
    List<Integer> slices = alike.stream().map(prompted -> prompted.prompt().slice()).toList();
    List<SliceView> views = features.of(slices, volume);
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      SliceSegmenter.Batch batch =
          segmenter.prompted(
              slices,
              alike.stream()
                  .map(prompted -> ((SlicePrompt.Points) prompted.prompt()).points())
                  .toList(),
              SliceView.together(views, scope.ops()).features(),
              size,
              scope);
      for (int i = 0; i < alike.size(); i++) {
        results.get(alike.get(i).request()).add(conditioned(batch, i, scope));
      }
    }
  }

  private Track.Conditioned conditioned(SliceSegmenter.Batch batch, int track, TensorScope scope) {
    return new Track.Conditioned(
        batch.decisions().get(track), MemoryEntry.copyOf(batch.memories(), track, model, scope));
  }
}
