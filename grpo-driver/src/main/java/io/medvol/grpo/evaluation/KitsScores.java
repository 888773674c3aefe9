package io.medvol.grpo.evaluation;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.MaskRuns;
import io.medvol.reward.localisation.AnswerStatus;
import io.medvol.reward.metric.HierarchicalClass;
import io.medvol.reward.metric.Overlap;
import io.medvol.reward.metric.SurfaceDistances;
import io.medvol.rollout.worker.EvaluationOutcome;
import io.medvol.rollout.worker.StructureMasks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Dice and surface Dice of the hierarchical classes of KiTS23, over the volumes of which kidney,
 * tumor and cyst were all asked for and answered. Where a structure is asked for more than once,
 * the first question counts.
 */
record KitsScores(List<Map<HierarchicalClass.Structure, EvaluationOutcome>> volumes) {
  static KitsScores of(List<EvaluationOutcome> outcomes) {
    Map<String, Map<HierarchicalClass.Structure, EvaluationOutcome>> volumes = new TreeMap<>();
    outcomes.stream()
        .filter(outcome -> outcome.masks() != null)
        .sorted(Comparator.comparing(outcome -> outcome.sample().id()))
        .forEach(
            outcome ->
                volumes
                    .computeIfAbsent(
                        outcome.sample().sourceId(),
                        absent -> new EnumMap<>(HierarchicalClass.Structure.class))
                    .putIfAbsent(outcome.masks().structure(), outcome));
    return new KitsScores(
        volumes.values().stream()
            .filter(found -> found.size() == HierarchicalClass.Structure.values().length)
            .toList());
  }

  /** The values of each measure, one for each volume, by a name such as {@code tumor/dice}. */
  Map<String, double[]> values() {
    Map<String, List<Double>> values = new TreeMap<>();
    for (Map<HierarchicalClass.Structure, EvaluationOutcome> volume : volumes) {
      for (HierarchicalClass type : HierarchicalClass.values()) {
        BinaryMask found = type.of(masks(volume, StructureMasks::found));
        BinaryMask expert = type.of(masks(volume, StructureMasks::expert));
        boolean counts = readable(volume, type) || found.count() + expert.count() > 0;
        SurfaceDistances surfaces =
            SurfaceDistances.between(
                found, expert, volume.values().iterator().next().masks().spacing());
        String name = type.name().toLowerCase(Locale.ROOT);
        add(values, name + "/dice", counts ? Overlap.of(found, expert).dice() : 0);
        add(values, name + "/nsd", counts ? surfaces.surfaceDice(type.toleranceMm()) : 0);
      }
    }
    Map<String, double[]> arrays = new TreeMap<>();
    values.forEach(
        (name, list) -> arrays.put(name, list.stream().mapToDouble(value -> value).toArray()));
    return arrays;
  }

  private static void add(Map<String, List<Double>> values, String name, double value) {
    values.computeIfAbsent(name, absent -> new ArrayList<>()).add(value);
  }

  /** Two empty masks agree, unless the emptiness comes from an answer that could not be read. */
  private static boolean readable(
      Map<HierarchicalClass.Structure, EvaluationOutcome> volume, HierarchicalClass type) {
    return type.structures().stream()
        .noneMatch(structure -> volume.get(structure).answer() == AnswerStatus.UNPARSABLE);
  }

  private static Map<HierarchicalClass.Structure, BinaryMask> masks(
      Map<HierarchicalClass.Structure, EvaluationOutcome> volume,
      Function<StructureMasks, MaskRuns> which) {
    Map<HierarchicalClass.Structure, BinaryMask> masks =
        new EnumMap<>(HierarchicalClass.Structure.class);
    volume.forEach(
        (structure, outcome) -> masks.put(structure, which.apply(outcome.masks()).mask()));
    return masks;
  }
}
