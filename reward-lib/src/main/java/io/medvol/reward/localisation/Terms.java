package io.medvol.reward.localisation;

import java.util.Collection;
import java.util.List;

/** Picks terms by the names the configuration gives weights to. */
final class Terms {
  private Terms() {}

  /** The named ones; a name that is not known here is one of the user's terms. */
  static <R> List<LocalisationTerm<R>> named(
      Collection<String> names, List<LocalisationTerm<R>> known) {
    return known.stream().filter(term -> names.contains(term.name())).toList();
  }
}
