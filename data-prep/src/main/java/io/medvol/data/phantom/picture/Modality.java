package io.medvol.data.phantom.picture;

/** The look of a modality: ground, body, and what lies over both. Colours are red, green, blue. */
enum Modality {
  CT("CT", new int[] {15, 15, 15}, new int[] {120, 120, 120}, Texture.PLAIN),
  MRI("MRI", new int[] {30, 30, 30}, new int[] {180, 180, 180}, Texture.SHADED),
  X_RAY("X-Ray", new int[] {220, 220, 220}, new int[] {110, 110, 110}, Texture.PLAIN),
  ULTRASOUND("Ultrasound", new int[] {50, 50, 50}, new int[] {130, 130, 130}, Texture.SPECKLED),
  DERMOSCOPY("Dermoscopy", new int[] {230, 180, 150}, new int[] {170, 110, 80}, Texture.PLAIN),
  FUNDUS("Fundus Photography", new int[] {40, 10, 0}, new int[] {210, 90, 30}, Texture.SHADED),
  OCT("OCT", new int[] {20, 20, 40}, new int[] {120, 130, 170}, Texture.BANDED),
  MICROSCOPY("Microscopy", new int[] {240, 215, 240}, new int[] {160, 80, 170}, Texture.SPECKLED);

  /** What lies over ground and body. */
  enum Texture {
    PLAIN,
    SHADED,
    SPECKLED,
    BANDED
  }

  /** Options of one question; two such fours make the eight. */
  static final int OFFERED = 4;

  private final String label;
  private final int[] ground;
  private final int[] body;
  private final Texture texture;

  Modality(String label, int[] ground, int[] body, Texture texture) {
    this.label = label;
    this.ground = ground;
    this.body = body;
    this.texture = texture;
  }

  String label() {
    return label;
  }

  int ground(int channel) {
    return ground[channel];
  }

  int body(int channel) {
    return body[channel];
  }

  Texture texture() {
    return texture;
  }

  /** Black or white, whichever is seen better on both ground and body. */
  int lesion() {
    int white = Math.min(255 - grey(ground), 255 - grey(body));
    int black = Math.min(grey(ground), grey(body));
    return white > black ? 255 : 0;
  }

  private static int grey(int[] colour) {
    return (colour[0] + colour[1] + colour[2]) / 3;
  }
}
