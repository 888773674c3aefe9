package io.medvol.data.dataset.summary;

import io.medvol.data.dataset.CaseWarning;
import io.medvol.data.dataset.PreparedVolume;
import io.medvol.data.dataset.RejectedVolume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Label values that occur in the masks and have no name in {@code dataset.yaml}.
 *
 * @param names of the values that are declared
 * @param casesByValue number of cases that hold an undeclared value
 * @param byCase undeclared values of each case that has any
 * @param cases all that were prepared
 * @param declaredOccurs whether any case holds a declared value
 */
record UndeclaredLabels(
    Map<Integer, String> names,
    Map<Integer, Integer> casesByValue,
    Map<String, List<Integer>> byCase,
    int cases,
    boolean declaredOccurs) {
  private static final int MOST_NAMED = 10;

  static UndeclaredLabels of(Map<Integer, String> names, List<PreparedVolume> volumes) {
    Map<Integer, Integer> casesByValue = new TreeMap<>();
    Map<String, List<Integer>> byCase = new LinkedHashMap<>();
    boolean declaredOccurs = false;
    for (PreparedVolume volume : volumes) {
      List<Integer> present = volume.findings().presentLabels();
      declaredOccurs |= present.stream().anyMatch(names::containsKey);
      List<Integer> undeclared =
          present.stream().filter(label -> !names.containsKey(label)).toList();
      undeclared.forEach(label -> casesByValue.merge(label, 1, Integer::sum));
      if (!undeclared.isEmpty()) {
        byCase.put(volume.caseId(), undeclared);
      }
    }
    return new UndeclaredLabels(names, casesByValue, byCase, volumes.size(), declaredOccurs);
  }

  /** What a person should know of them, if there are any. */
  Optional<String> sentence() {
    if (casesByValue.isEmpty()) {
      return Optional.empty();
    }
    if (casesByValue.size() == 1) {
      int value = casesByValue.keySet().iterator().next();
      return Optional.of(
          "Label value %d in %d of %d cases is not declared under labels and counts as background%s."
              .formatted(
                  value,
                  casesByValue.get(value),
                  cases,
                  remedy().map(text -> "; " + text).orElse("")));
    }
    return Optional.of(
        casesByValue.size()
            + " label values are not declared under labels and count as background: "
            + casesByValue.entrySet().stream()
                .limit(MOST_NAMED)
                .map(entry -> entry.getKey() + " in " + Counted.of(entry.getValue(), "case"))
                .collect(Collectors.joining(", "))
            + (casesByValue.size() > MOST_NAMED
                ? " and " + (casesByValue.size() - MOST_NAMED) + " more."
                : "."));
  }

  /** What to write where the structures have another value than those declared. */
  private Optional<String> remedy() {
    if (declaredOccurs || casesByValue.size() != 1) {
      return Optional.empty();
    }
    int value = casesByValue.keySet().iterator().next();
    String masks = "as the masks hold 0 and %d only, declare %d".formatted(value, value);
    if (names.size() != 1) {
      return Optional.of(masks + " under labels");
    }
    Map.Entry<Integer, String> declared = names.entrySet().iterator().next();
    return Optional.of(masks + " instead of " + declared.getKey() + " as " + declared.getValue());
  }

  /** A warning for each case, by case id. */
  Map<String, CaseWarning> warnings() {
    Map<String, CaseWarning> warnings = new LinkedHashMap<>();
    byCase.forEach(
        (id, values) ->
            warnings.put(
                id,
                new CaseWarning(
                    RejectedVolume.Kind.UNDECLARED,
                    "Undeclared label values: "
                        + values.stream()
                            .limit(MOST_NAMED)
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "))
                        + (values.size() > MOST_NAMED
                            ? " and " + (values.size() - MOST_NAMED) + " more."
                            : "."))));
    return warnings;
  }
}
