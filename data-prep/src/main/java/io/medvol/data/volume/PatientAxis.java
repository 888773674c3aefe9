package io.medvol.data.volume;

/** A direction in the patient along one of the three world axes (RAS+ millimetres). */
public enum PatientAxis {
  RIGHT(0, 1),
  LEFT(0, -1),
  ANTERIOR(1, 1),
  POSTERIOR(1, -1),
  SUPERIOR(2, 1),
  INFERIOR(2, -1);

  private final int world;
  private final int sign;

  PatientAxis(int world, int sign) {
    this.world = world;
    this.sign = sign;
  }

  /** The world axis it runs along: 0 x, 1 y, 2 z. */
  public int world() {
    return world;
  }

  /** 1 towards right, front or head; -1 towards left, back or feet. */
  public int sign() {
    return sign;
  }

  /** The first letter, as orientation codes are written. */
  public char code() {
    return name().charAt(0);
  }

  static PatientAxis of(int world, int sign) {
    return values()[2 * world + (sign > 0 ? 0 : 1)];
  }

  static PatientAxis ofCode(char code) {
    for (PatientAxis axis : values()) {
      if (axis.code() == code) {
        return axis;
      }
    }
    throw new IllegalArgumentException(
        "'" + code + "' is no patient direction; expected one of R, L, A, P, S, I");
  }
}
