package io.medvol.data.dataset;

import java.io.Serializable;

/** What became of one case: a bad volume is a result, not an exception. */
public sealed interface PreparationResult extends Serializable permits Prepared, RejectedVolume {
  /** The case this is about. */
  String caseId();
}
