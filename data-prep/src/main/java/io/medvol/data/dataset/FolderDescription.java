package io.medvol.data.dataset;

import io.medvol.data.config.ConfigLoader;
import io.medvol.data.config.EffectiveConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What {@code dataset.yaml} says of a folder of scans.
 *
 * @param name of the data set
 * @param labelNames name of each label value
 * @param queries asked about every case
 * @param caseQueries asked about one case, by case id
 */
public record FolderDescription(
    String name,
    Map<Integer, String> labelNames,
    List<StructureQuery> queries,
    Map<String, List<StructureQuery>> caseQueries) {
  public FolderDescription {
    labelNames = Collections.unmodifiableMap(new TreeMap<>(labelNames));
    queries = List.copyOf(queries);
    caseQueries = Collections.unmodifiableMap(new TreeMap<>(caseQueries));
  }

  /**
   * @param source name of the file, for messages
   * @param folderName name of a data set that is given none in the file
   * @throws io.medvol.data.error.MedVolException (INVALID_CONFIG) naming every problem
   */
  public static FolderDescription parse(String source, String folderName, String yaml) {
    return ConfigLoader.of(FolderYaml.class)
        .withYaml(source, yaml)
        .load()
        .value()
        .toDescription(folderName);
  }

  /** YAML that {@link #parse} reads back to this description. */
  public String yaml() {
    return new EffectiveConfig<>(FolderYaml.of(this)).yaml();
  }

  /** The queries of one case: the general ones, then its own. */
  public List<StructureQuery> queriesOf(String caseId) {
    List<StructureQuery> own = caseQueries.getOrDefault(caseId, List.of());
    return Stream.concat(queries.stream(), own.stream()).toList();
  }
}
