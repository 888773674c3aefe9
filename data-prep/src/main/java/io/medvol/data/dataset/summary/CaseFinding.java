package io.medvol.data.dataset.summary;

import io.medvol.data.dataset.CaseWarning;
import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.error.ForeignText;
import java.util.Objects;

/**
 * Something a person should know of one case.
 *
 * @param reason one sentence
 */
public record CaseFinding(String caseId, Outcome outcome, Kind kind, String reason) {
  /** What became of the case. */
  public enum Outcome {
    /** It was turned away. */
    REJECTED("rejected cases"),
    /** It was prepared all the same. */
    WARNING("warnings");

    private final String plural;

    Outcome(String plural) {
      this.plural = plural;
    }

    String plural() {
      return plural;
    }
  }

  public CaseFinding {
    Objects.requireNonNull(caseId, "caseId");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(reason, "reason");
  }

  static CaseFinding of(RejectedVolume rejected) {
    return new CaseFinding(rejected.caseId(), Outcome.REJECTED, rejected.kind(), rejected.reason());
  }

  static CaseFinding of(String caseId, CaseWarning warning) {
    return new CaseFinding(caseId, Outcome.WARNING, warning.kind(), warning.reason());
  }

  /** One line for a person. */
  String line() {
    String word = outcome == Outcome.REJECTED ? "Rejected" : "Warning";
    return word + ": " + ForeignText.line(caseId) + " (" + kind + "): " + ForeignText.line(reason);
  }
}
