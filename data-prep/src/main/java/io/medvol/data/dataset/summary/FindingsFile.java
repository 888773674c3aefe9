package io.medvol.data.dataset.summary;

import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a person should know of single cases, for a spreadsheet: {@code findings.csv}, with the
 * columns case, outcome, kind and reason. It names files, so it is no part of the prepared data.
 */
public final class FindingsFile {
  public static final String FILE = "findings.csv";

  private FindingsFile() {}

  /**
   * Replaces the file below a folder.
   *
   * @throws MedVolException (RESOURCE) if it cannot be written
   */
  public static void write(Storage storage, String folder, List<CaseFinding> findings)
      throws IOException {
    StringBuilder csv = new StringBuilder();
    line(csv, List.of("case", "outcome", "kind", "reason"));
    for (CaseFinding one : findings) {
      line(
          csv,
          List.of(
              one.caseId(),
              one.outcome().name().toLowerCase(Locale.ROOT),
              one.kind().name(),
              one.reason()));
    }
    try (OutputStream out = storage.create(Storage.join(folder, FILE))) {
      out.write(csv.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void line(StringBuilder csv, List<String> fields) {
    csv.append(
            fields.stream()
                .map(field -> '"' + field.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(",")))
        .append("\r\n");
  }
}
