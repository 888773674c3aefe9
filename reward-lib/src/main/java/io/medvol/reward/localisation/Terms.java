package io.medvol.reward.localisation;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.util.Collection;
import java.util.List;

/** Picks terms by the names the configuration gives weights to. */
final class Terms {
  private Terms() {}

  static <R> List<LocalisationTerm<R>> named(
      Collection<String> names, List<LocalisationTerm<R>> known) {
    return names.stream().map(name -> named(name, known)).toList();
  }

  private static <R> LocalisationTerm<R> named(String name, List<LocalisationTerm<R>> known) {
    return known.stream()
        .filter(term -> term.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new MedVolException(
                    ErrorCode.INVALID_CONFIG,
                    "rewards.weights names the unknown term '"
                        + name
                        + "': give weights to "
                        + known.stream().map(LocalisationTerm::name).toList()));
  }
}
