package io.medvol.data.phantom.picture;

/**
 * What a picture shows. Lengths are fractions of the side.
 *
 * @param lesion null without one
 */
record PictureScene(Modality modality, Shape shape, Lesion lesion) {
  /** The silhouette of the organ. */
  enum Shape {
    ROUND("Round organ"),
    UPRIGHT("Upright organ"),
    LYING("Lying organ"),
    HOLLOW("Hollow organ");

    private final String label;

    Shape(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }

    /** Whether a place lies in the organ; coordinates from -0.5 to 0.5. */
    boolean holds(double x, double y) {
      double r = Math.sqrt(x * x + y * y);
      return switch (this) {
        case ROUND -> r < 0.36;
        case UPRIGHT -> Math.abs(x) < 0.16 && Math.abs(y) < 0.45;
        case LYING -> Math.abs(y) < 0.16 && Math.abs(x) < 0.45;
        case HOLLOW -> r < 0.44 && r > 0.24;
      };
    }
  }

  /** How large a lesion is. */
  enum Grade {
    SMALL("Grade 1", 0.07),
    MEDIUM("Grade 2", 0.13),
    LARGE("Grade 3", 0.21);

    private final String label;
    private final double radius;

    Grade(String label, double radius) {
      this.label = label;
      this.radius = radius;
    }

    String label() {
      return label;
    }

    double radius() {
      return radius;
    }
  }

  /**
   * A disc on one half of the picture.
   *
   * @param x of its centre, from -0.5 on the left to 0.5
   * @param y of its centre, from -0.5 at the top to 0.5
   */
  record Lesion(Grade grade, double x, double y) {
    boolean holds(double atX, double atY) {
      double dx = atX - x;
      double dy = atY - y;
      return dx * dx + dy * dy < grade.radius() * grade.radius();
    }
  }
}
