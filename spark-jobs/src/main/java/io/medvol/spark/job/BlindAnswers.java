package io.medvol.spark.job;

import io.medvol.data.example.Sample;
import io.medvol.data.example.VrsSample;
import io.medvol.data.shard.ShardDataset;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.reward.response.ResponseForm;
import io.medvol.rollout.prompt.Demonstration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * What one can answer without looking: for each structure the median key slice and the median tight
 * box of the training scans, every time. A policy that does no better does not read the scan.
 */
final class BlindAnswers implements Function<Sample, String> {
  private final Map<String, List<VrsSample>> present = new LinkedHashMap<>();
  private final GridSize size;
  private final ResponseForm form;

  /**
   * @param training samples of scans that are all of one size
   */
  BlindAnswers(ShardDataset training, GridSize size, ResponseForm form) {
    this.form = form;
    this.size = size;
    for (Sample sample : training.samples()) {
      if (sample instanceof VrsSample located && located.key().isPresent()) {
        present.computeIfAbsent(located.target(), target -> new ArrayList<>()).add(located);
      }
    }
  }

  @Override
  public String apply(Sample sample) {
    String target = sample instanceof VrsSample located ? located.target() : "";
    List<VrsSample> known = present.getOrDefault(target, List.of());
    if (known.isEmpty()) {
      return Demonstration.absent("I see nothing.", form);
    }
    PixelBox box =
        new PixelBox(
            median(known, one -> one.keyBoxes().get(0).x1()),
            median(known, one -> one.keyBoxes().get(0).y1()),
            median(known, one -> one.keyBoxes().get(0).x2()),
            median(known, one -> one.keyBoxes().get(0).y2()));
    int slice = median(known, one -> one.key().getAsInt());
    return Demonstration.text(target, slice, List.of(box), size, form);
  }

  private static int median(List<VrsSample> samples, ToIntFunction<VrsSample> value) {
    return samples.stream().mapToInt(value).sorted().toArray()[samples.size() / 2];
  }
}
