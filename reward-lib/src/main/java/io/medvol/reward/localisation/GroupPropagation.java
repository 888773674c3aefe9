package io.medvol.reward.localisation;

import io.medvol.data.volume.CtVolume;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a propagator once for the evidence of a whole group, equal evidence once. */
final class GroupPropagation {
  private static final Logger LOG = LoggerFactory.getLogger(GroupPropagation.class);

  /** The mask is the union over the boxes, so their order makes no other prompt. */
  private static final Comparator<EdgeBox> ORDER =
      Comparator.comparingDouble(EdgeBox::x1)
          .thenComparingDouble(EdgeBox::y1)
          .thenComparingDouble(EdgeBox::x2)
          .thenComparingDouble(EdgeBox::y2);

  private final MaskPropagator propagator;
  private final int reach;
  private final int maxBoxes;

  /** Wants masks {@code reach} slices around the evidence, or none if that is negative. */
  GroupPropagation(MaskPropagator propagator, int reach, int maxBoxes) {
    this.propagator = propagator;
    this.reach = reach;
    this.maxBoxes = maxBoxes;
  }

  /** Empty if there is nothing to propagate, or too much. */
  Optional<EvidencePrompt> prompt(Evidence evidence, int slices) {
    if (reach < 0 || evidence.boxes().isEmpty() || evidence.boxes().size() > maxBoxes) {
      return Optional.empty();
    }
    SliceWindow window = SliceWindow.around(evidence.slice(), reach, slices);
    List<EdgeBox> boxes = evidence.boxes().stream().sorted(ORDER).toList();
    return Optional.of(new EvidencePrompt(evidence.slice(), boxes, window.first(), window.last()));
  }

  Map<EvidencePrompt, Propagation> propagate(
      CtVolume volume, List<Optional<EvidencePrompt>> prompts) {
    Set<EvidencePrompt> distinct = new LinkedHashSet<>();
    prompts.forEach(prompt -> prompt.ifPresent(distinct::add));
    Map<EvidencePrompt, Propagation> results = new LinkedHashMap<>();
    if (distinct.isEmpty()) {
      return results;
    }
    List<EvidencePrompt> asked = new ArrayList<>(distinct);
    List<Propagation> answers = ask(volume, asked);
    for (int i = 0; i < asked.size(); i++) {
      results.put(asked.get(i), answers.get(i));
    }
    return results;
  }

  /** A segmenter that breaks, as native ones do, fails this group's masks and not the run. */
  private List<Propagation> ask(CtVolume volume, List<EvidencePrompt> prompts) {
    List<Propagation> answers;
    try {
      answers = propagator.propagate(volume, prompts);
    } catch (RuntimeException e) {
      LOG.warn("The propagator {} failed on {} prompts", propagator.name(), prompts.size(), e);
      Propagation failed = new Propagation.Failed(propagator.name() + " failed: " + e);
      return prompts.stream().map(prompt -> failed).toList();
    }
    if (answers.size() != prompts.size()) {
      throw new IllegalStateException(
          propagator.name() + " gave " + answers.size() + " results for " + prompts.size());
    }
    return answers;
  }
}
