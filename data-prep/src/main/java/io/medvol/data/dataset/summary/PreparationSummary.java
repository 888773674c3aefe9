package io.medvol.data.dataset.summary;

import io.medvol.data.dataset.FolderDescription;
import io.medvol.data.dataset.Prepared;
import io.medvol.data.dataset.PreparedVolume;
import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.example.Sample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What became of the cases of a folder, for the person who prepares. Immutable and thread-safe.
 *
 * @param structures in the order in which they are asked for
 * @param findings rejected cases and warnings, by case
 * @param extent how many slices the scans have and how far these lie apart; empty without scans
 * @param undeclared label values of the masks that have no name, if there are any
 */
public record PreparationSummary(
    int prepared,
    int rejected,
    List<StructureCount> structures,
    List<CaseFinding> findings,
    Optional<String> extent,
    Optional<String> undeclared) {
  private static final int MOST_STRUCTURES = 20;
  private static final int MOST_FINDINGS = 10;

  public PreparationSummary {
    structures = List.copyOf(structures);
    findings = List.copyOf(findings);
    Objects.requireNonNull(extent, "extent");
    Objects.requireNonNull(undeclared, "undeclared");
  }

  public static PreparationSummary of(
      FolderDescription description,
      Collection<? extends Prepared> prepared,
      Collection<RejectedVolume> rejected) {
    List<PreparedVolume> volumes =
        prepared.stream()
            .filter(PreparedVolume.class::isInstance)
            .map(PreparedVolume.class::cast)
            .sorted(Comparator.comparing(PreparedVolume::caseId))
            .toList();
    UndeclaredLabels undeclared = UndeclaredLabels.of(description.labelNames(), volumes);
    List<CaseFinding> findings = new ArrayList<>();
    rejected.forEach(one -> findings.add(CaseFinding.of(one)));
    volumes.forEach(
        volume ->
            volume
                .findings()
                .warnings()
                .forEach(warning -> findings.add(CaseFinding.of(volume.caseId(), warning))));
    undeclared.warnings().forEach((id, warning) -> findings.add(CaseFinding.of(id, warning)));
    findings.sort(Comparator.comparing(CaseFinding::outcome).thenComparing(CaseFinding::caseId));
    return new PreparationSummary(
        prepared.size(),
        rejected.size(),
        structures(description, prepared),
        findings,
        volumes.isEmpty() ? Optional.empty() : Optional.of(extent(volumes)),
        undeclared.sentence());
  }

  /** In one line. */
  public String title() {
    return "%d of %s, %s"
        .formatted(
            prepared, Counted.of(prepared + rejected, "case"), Counted.of(samples(), "sample"));
  }

  public int samples() {
    return structures.stream().mapToInt(StructureCount::samples).sum();
  }

  /**
   * @throws MedVolException (MALFORMED_DATA) if there is nothing to train on
   */
  public void requireSamples() {
    if (samples() > 0) {
      return;
    }
    throw new MedVolException(
        ErrorCode.MALFORMED_DATA,
        "None of the prepared cases (%d) gives a sample, as no structure that is asked for lies on a shown slice. %s"
            .formatted(
                prepared,
                undeclared.orElse("Check the label values under labels, or show more slices.")));
  }

  /** What a person should see at the end: few lines, whatever the number of cases. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    structures.stream().limit(MOST_STRUCTURES).forEach(one -> lines.add(one.line()));
    if (structures.size() > MOST_STRUCTURES) {
      lines.add("  and " + (structures.size() - MOST_STRUCTURES) + " more structures");
    }
    extent.ifPresent(lines::add);
    undeclared.ifPresent(sentence -> lines.add("Warning: " + sentence));
    for (CaseFinding.Outcome outcome : CaseFinding.Outcome.values()) {
      List<CaseFinding> some =
          findings.stream()
              .filter(one -> one.outcome() == outcome && one.kind() != Kind.UNDECLARED)
              .toList();
      some.stream().limit(MOST_FINDINGS).forEach(one -> lines.add(one.line()));
      if (some.size() > MOST_FINDINGS) {
        lines.add("  and " + (some.size() - MOST_FINDINGS) + " more " + outcome.plural());
      }
    }
    return lines;
  }

  /** As the metrics of a summary. */
  public Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("cases", prepared + rejected);
    metrics.put("prepared", prepared);
    metrics.put("rejected", rejected);
    metrics.put("samples", samples());
    metrics.put("absent_targets", structures.stream().mapToInt(StructureCount::absent).sum());
    metrics.put("unshown_targets", structures.stream().mapToInt(StructureCount::unshown).sum());
    metrics.put(
        "warnings",
        (int)
            findings.stream().filter(one -> one.outcome() == CaseFinding.Outcome.WARNING).count());
    undeclared.ifPresent(sentence -> metrics.put("undeclared_labels", sentence));
    Map<String, Object> byStructure = new LinkedHashMap<>();
    structures.forEach(one -> byStructure.put(one.target(), one.samples()));
    metrics.put("structures", byStructure);
    return metrics;
  }

  private static List<StructureCount> structures(
      FolderDescription description, Collection<? extends Prepared> prepared) {
    Map<String, StructureCount> counts = new LinkedHashMap<>();
    description.queries().forEach(query -> add(counts, query.target(), 0, 0, 0, 0));
    for (Prepared one : prepared) {
      Map<String, Integer> own = new LinkedHashMap<>();
      one.samples().forEach(sample -> own.merge(title(sample), 1, Integer::sum));
      own.forEach((target, samples) -> add(counts, target, samples, 1, 0, 0));
      if (one instanceof PreparedVolume volume) {
        new HashSet<>(volume.findings().absentTargets())
            .forEach(target -> add(counts, target, 0, 0, 1, 0));
        new HashSet<>(volume.findings().unshownTargets())
            .forEach(target -> add(counts, target, 0, 0, 0, 1));
      }
    }
    return List.copyOf(counts.values());
  }

  private static void add(
      Map<String, StructureCount> counts,
      String target,
      int samples,
      int cases,
      int absent,
      int unshown) {
    counts.merge(
        target, new StructureCount(target, samples, cases, absent, unshown), StructureCount::plus);
  }

  private static String title(Sample sample) {
    return sample instanceof ChoiceSample choice ? choice.modality() : sample.target();
  }

  private static String extent(List<PreparedVolume> volumes) {
    return String.format(
        Locale.ROOT,
        "Scans have %s slices, %s mm apart, with pixels of %s mm.",
        range(volumes, volume -> volume.shard().grid().slices()),
        range(volumes, volume -> volume.findings().sliceSpacing()),
        range(volumes, volume -> volume.findings().columnSpacing()));
  }

  private static String range(
      List<PreparedVolume> volumes, ToDoubleFunction<PreparedVolume> measure) {
    String least = number(volumes.stream().mapToDouble(measure).min().orElseThrow());
    String most = number(volumes.stream().mapToDouble(measure).max().orElseThrow());
    return least.equals(most) ? least : least + " to " + most;
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
