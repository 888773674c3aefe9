package io.medvol.reward.localisation;

import io.medvol.data.volume.CtVolume;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Answers by a rule of the test and remembers what it was asked. */
final class ScriptedPropagator implements MaskPropagator {
  final List<List<EvidencePrompt>> calls = new ArrayList<>();
  private final Function<EvidencePrompt, Propagation> rule;

  ScriptedPropagator(Function<EvidencePrompt, Propagation> rule) {
    this.rule = rule;
  }

  @Override
  public List<Propagation> propagate(CtVolume volume, List<EvidencePrompt> prompts) {
    calls.add(prompts);
    return prompts.stream().map(rule).toList();
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public void close() {}
}
