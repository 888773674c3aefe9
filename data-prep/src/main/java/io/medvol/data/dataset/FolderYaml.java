package io.medvol.data.dataset;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.data.example.BoxRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of {@code dataset.yaml}. */
@ConfigDescription("Describes a folder of scans: what its labels mean and what is asked.")
record FolderYaml(
    @ConfigDescription("Name of the data set.") String name,
    @ConfigDescription("Name of each label value that occurs in the label files.")
        Map<Integer, String> labels,
    @ConfigDescription("What is asked about every case that holds the target.")
        List<QueryYaml> queries,
    @ConfigDescription("What is asked about one case only, by case id.")
        Map<String, List<QueryYaml>> caseQueries) {

  FolderYaml {
    ConfigLimits.check()
        .notBlank("name", name)
        .satisfies(
            "labels",
            labels,
            all -> all.keySet().stream().allMatch(v -> v >= 1 && v <= Short.MAX_VALUE),
            "values between 1 and 32767 (0 is the background)")
        .satisfies(
            "queries",
            queries.stream().flatMap(q -> q.unnamed(labels).stream()).distinct().toList(),
            List::isEmpty,
            "labels that have a name under labels")
        .satisfies(
            "case-queries",
            caseQueries.values().stream()
                .flatMap(List::stream)
                .flatMap(q -> q.unnamed(labels).stream())
                .distinct()
                .toList(),
            List::isEmpty,
            "labels that have a name under labels")
        .orThrow();
  }

  static FolderYaml of(FolderDescription description) {
    Map<String, List<QueryYaml>> byCase = new LinkedHashMap<>();
    description
        .caseQueries()
        .forEach((id, queries) -> byCase.put(id, queries.stream().map(QueryYaml::of).toList()));
    return new FolderYaml(
        description.name(),
        description.labelNames(),
        description.queries().stream().map(QueryYaml::of).toList(),
        byCase);
  }

  FolderDescription toDescription() {
    Map<String, List<StructureQuery>> byCase = new LinkedHashMap<>();
    caseQueries.forEach(
        (id, entries) -> byCase.put(id, entries.stream().map(QueryYaml::toQuery).toList()));
    return new FolderDescription(
        name, labels, queries.stream().map(QueryYaml::toQuery).toList(), byCase);
  }

  @ConfigDescription("One structure and the ways of asking for it.")
  record QueryYaml(
      @ConfigDescription("Name of the structure, for reports.") String target,
      @ConfigDescription("Label values whose union is the structure.") List<Integer> labels,
      @ConfigDescription(
              "How boxes are drawn around it: single, or components with min-pixels and"
                  + " max-boxes; single if absent.")
          Optional<BoxRule> boxRule,
      @ConfigDescription("Each gives one sample of every volume that holds the structure.")
          List<String> questions) {
    QueryYaml {
      StructureQuery.limits(target, labels, questions).orThrow();
    }

    static QueryYaml of(StructureQuery query) {
      return new QueryYaml(
          query.target(), query.labels(), Optional.of(query.boxRule()), query.questions());
    }

    StructureQuery toQuery() {
      return new StructureQuery(target, labels, boxRule.orElseGet(BoxRule.Single::new), questions);
    }

    List<Integer> unnamed(Map<Integer, String> names) {
      return labels.stream().filter(label -> !names.containsKey(label)).toList();
    }
  }
}
