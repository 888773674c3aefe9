package io.medvol.data.dataset;

/** What becomes of a scan whose values cannot be Hounsfield units. */
public enum ImplausibleValues {
  /** It is turned away with the range that was seen. */
  REJECT,
  /** It is prepared with its values as they are, and named in a warning. */
  WARN
}
