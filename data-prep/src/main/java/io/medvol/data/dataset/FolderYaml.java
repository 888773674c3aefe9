package io.medvol.data.dataset;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.data.example.BoxRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of {@code dataset.yaml}. */
@ConfigDescription("Describes a folder of scans: what its labels mean and what is asked.")
record FolderYaml(
    @ConfigDescription("Name of the data set; the folder's name if absent.") Optional<String> name,
    @ConfigDescription("Name of each label value that occurs in the label files.")
        Map<Integer, String> labels,
    @ConfigDescription(
            "What is asked about every case that holds the target; a label that is in no query is"
                + " asked for by its name.")
        List<QueryYaml> queries,
    @ConfigDescription("What is asked about one case only, by case id.")
        Map<String, List<QueryYaml>> caseQueries) {
  private static final int MOST_NAMED = 20;

  FolderYaml {
    ConfigLimits limits = ConfigLimits.check();
    name.ifPresent(text -> StructureQuery.checkText(limits, "name", text));
    limits
        .satisfies("labels", labels, all -> !all.isEmpty(), "at least one value with its name")
        .satisfies(
            "labels",
            labels,
            all -> all.keySet().stream().allMatch(v -> v >= 1 && v <= Short.MAX_VALUE),
            "values between 1 and 32767 (0 is the background)");
    labels.forEach((value, text) -> StructureQuery.checkText(limits, "labels." + value, text));
    check(limits, "queries", queries, labels);
    caseQueries.forEach((id, asked) -> check(limits, "case-queries." + id, asked, labels));
    limits.orThrow();
  }

  private static void check(
      ConfigLimits limits, String key, List<QueryYaml> queries, Map<Integer, String> names) {
    String known =
        names.entrySet().stream()
                .limit(MOST_NAMED)
                .map(label -> label.getKey() + " (" + label.getValue() + ")")
                .collect(Collectors.joining(", "))
            + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
    for (int i = 0; i < queries.size(); i++) {
      QueryYaml query = queries.get(i);
      String prefix = key + "[" + i + "].";
      StructureQuery.check(
          limits, prefix, query.name(names), query.labels(), query.questions().orElse(List.of()));
      limits.satisfies(
          prefix + "labels",
          query.labels(),
          // Where no label has a name, that is the problem.
          all -> names.isEmpty() || names.keySet().containsAll(all),
          "values that have a name under labels, which are " + known);
    }
  }

  static FolderYaml of(FolderDescription description) {
    Map<String, List<QueryYaml>> byCase = new LinkedHashMap<>();
    description
        .caseQueries()
        .forEach((id, queries) -> byCase.put(id, queries.stream().map(QueryYaml::of).toList()));
    List<QueryYaml> queries =
        new ArrayList<>(description.queries().stream().map(QueryYaml::of).toList());
    Set<Integer> asked = asked(queries, byCase.values());
    description
        .labelNames()
        .forEach(
            (label, name) -> {
              if (!asked.contains(label)) {
                queries.add(QueryYaml.silent(name, label));
              }
            });
    return new FolderYaml(
        Optional.of(description.name()), description.labelNames(), queries, byCase);
  }

  /**
   * @param folderName name of a data set that has none of its own
   */
  FolderDescription toDescription(String folderName) {
    Map<String, List<StructureQuery>> byCase = new LinkedHashMap<>();
    caseQueries.forEach((id, entries) -> byCase.put(id, toQueries(entries)));
    List<StructureQuery> general = new ArrayList<>(toQueries(queries));
    Set<Integer> asked = asked(queries, caseQueries.values());
    new TreeMap<>(labels)
        .forEach(
            (label, title) -> {
              if (!asked.contains(label)) {
                general.add(
                    new StructureQuery(
                        title,
                        List.of(label),
                        new BoxRule.Single(),
                        List.of(PlainQuestion.about(title))));
              }
            });
    return new FolderDescription(name.orElse(folderName), labels, general, byCase);
  }

  private List<StructureQuery> toQueries(List<QueryYaml> entries) {
    return entries.stream().flatMap(query -> query.toQuery(labels).stream()).toList();
  }

  private static Set<Integer> asked(
      List<QueryYaml> queries, Collection<List<QueryYaml>> caseQueries) {
    return Stream.concat(queries.stream(), caseQueries.stream().flatMap(List::stream))
        .flatMap(query -> query.labels().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ConfigDescription("One structure and the ways of asking for it.")
  record QueryYaml(
      @ConfigDescription("Name of the structure, for reports; the names of its labels if absent.")
          Optional<String> target,
      @ConfigDescription("Label values whose union is the structure.") List<Integer> labels,
      @ConfigDescription(
              "How boxes are drawn around it: single, or components with min-pixels and"
                  + " max-boxes; single if absent.")
          Optional<BoxRule> boxRule,
      @ConfigDescription(
              "Each gives one sample of every volume that holds the structure. If absent, the"
                  + " structure is asked for by its name; an empty list asks nothing.")
          Optional<List<String>> questions) {

    static QueryYaml of(StructureQuery query) {
      return new QueryYaml(
          Optional.of(query.target()),
          query.labels(),
          Optional.of(query.boxRule()),
          Optional.of(query.questions()));
    }

    /** Keeps a label from being asked for. */
    static QueryYaml silent(String name, int label) {
      return new QueryYaml(
          Optional.of(name), List.of(label), Optional.empty(), Optional.of(List.of()));
    }

    /** What is asked for, unless nothing is. */
    Optional<StructureQuery> toQuery(Map<Integer, String> names) {
      String title = name(names);
      List<String> asked = questions.orElseGet(() -> List.of(PlainQuestion.about(title)));
      return asked.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new StructureQuery(title, labels, boxRule.orElseGet(BoxRule.Single::new), asked));
    }

    String name(Map<Integer, String> names) {
      return target.orElseGet(
          () ->
              labels.stream()
                  .map(label -> names.getOrDefault(label, "label " + label))
                  .collect(Collectors.joining(" and ")));
    }
  }
}
