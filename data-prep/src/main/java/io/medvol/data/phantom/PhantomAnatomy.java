package io.medvol.data.phantom;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The constants of the phantom abdomen. Positions are fractions of the sides in canonical axes: x
 * from patient right to left, y from front to back, z from head to feet. Values are HU.
 */
final class PhantomAnatomy {
  /** An ellipsoid before its variation: centre, radii and mean value. */
  record Shape(double x, double y, double z, double rx, double ry, double rz, double hu) {}

  /** A structure that questions are asked about; {@code label} is its value in the label map. */
  enum Organ {
    LIVER(1, "liver", new Shape(0.31, 0.42, 0.34, 0.170, 0.165, 0.24, 110)),
    SPLEEN(2, "spleen", new Shape(0.76, 0.56, 0.30, 0.085, 0.100, 0.17, 60)),
    RIGHT_KIDNEY(3, "right kidney", new Shape(0.32, 0.68, 0.58, 0.078, 0.078, 0.16, 190)),
    LEFT_KIDNEY(4, "left kidney", new Shape(0.68, 0.68, 0.54, 0.078, 0.078, 0.16, 190)),
    BLADDER(5, "urinary bladder", new Shape(0.50, 0.36, 0.86, 0.110, 0.100, 0.11, -12));

    final int label;
    final String title;
    final Shape shape;

    Organ(int label, String title, Shape shape) {
      this.label = label;
      this.title = title;
      this.shape = shape;
    }
  }

  /** What may grow inside an organ; its value says what it is. */
  enum LesionKind {
    DARK_TUMOUR("tumour"),
    BRIGHT_TUMOUR("tumour"),
    CYST("cyst");

    final String title;

    LesionKind(String title) {
      this.title = title;
    }

    /** A cyst is water; a tumour takes up less contrast than its organ, or more. */
    double hu(Organ host) {
      return switch (this) {
        case CYST -> 5;
        case DARK_TUMOUR -> host.shape.hu() - 75;
        case BRIGHT_TUMOUR -> host.shape.hu() + 80;
      };
    }
  }

  static final int SPINE_LABEL = 6;
  static final int LUNG_LABEL = 7;

  static final double AIR_HU = -1000;
  static final double BODY_HU = 32;
  static final double FAT_HU = -100;
  static final double LUNG_HU = -800;
  static final double SPINE_HU = 400;

  /** Cross-section of the trunk, of which the outer rim is fat. */
  static final double BODY_RX = 0.44;

  static final double BODY_RY = 0.37;
  static final double FAT_RIM = 0.035;

  static final double SPINE_X = 0.5;
  static final double SPINE_Y = 0.77;
  static final double SPINE_RADIUS = 0.062;

  /** Lung bases, which reach into the field from above. */
  static final List<Shape> LUNGS =
      List.of(
          new Shape(0.27, 0.52, -0.06, 0.15, 0.21, 0.22, LUNG_HU),
          new Shape(0.73, 0.52, -0.06, 0.15, 0.21, 0.22, LUNG_HU));

  /** Organs in which lesions grow. */
  static final List<Organ> LESION_HOSTS =
      List.of(Organ.LIVER, Organ.RIGHT_KIDNEY, Organ.LEFT_KIDNEY);

  /** Radius of a lesion, as a fraction of its host's. */
  static final double LESION_RADIUS = 0.55;

  /** How far radii vary, relative. */
  static final double RADIUS_SPREAD = 0.25;

  /** How far along z centres wander, relative to across. */
  static final double Z_JITTER = 1.6;

  /** How far along z the body is shifted, relative to across. */
  static final double Z_SHIFT = 2;

  /** Largest in-plane rotation, in radians. */
  static final double TILT = 0.4;

  /** Largest sideways shift of a centre from head to feet, as a fraction of the side. */
  static final double DRIFT = 0.05;

  /** Standard deviation of an organ's mean value between volumes. */
  static final double HU_SPREAD = 12;

  /** Extent of the body's scale. */
  static final double MIN_SCALE = 0.9;

  static final double MAX_SCALE = 1.1;

  /** Field of view across, and height of the stack, in millimetres. */
  static final double MIN_FIELD = 340;

  static final double MAX_FIELD = 420;
  static final double MIN_HEIGHT = 300;
  static final double MAX_HEIGHT = 400;

  /** An organ with fewer voxels would be no fair question; the volume is drawn again. */
  static final int MIN_VOXELS = 12;

  static final int MIN_LESION_VOXELS = 4;

  /** How scanners and tools store axes: all of them occur in a set of eight volumes. */
  static final List<String> STORED_ORIENTATIONS =
      List.of("RAS", "LPS", "LAS", "RPI", "PIR", "AIL", "SRP", "LSA");

  private PhantomAnatomy() {}

  /** Label value of a lesion: one for each organ that may hold it and each kind in the text. */
  static int lesionLabel(Organ host, LesionKind kind) {
    return 8 + 2 * LESION_HOSTS.indexOf(host) + (kind == LesionKind.CYST ? 1 : 0);
  }

  /** The values that make up an organ: its own and those of what grows in it. */
  static List<Integer> labels(Organ organ) {
    return LESION_HOSTS.contains(organ)
        ? List.of(
            organ.label,
            lesionLabel(organ, LesionKind.DARK_TUMOUR),
            lesionLabel(organ, LesionKind.CYST))
        : List.of(organ.label);
  }

  static Map<Integer, String> labelNames() {
    Map<Integer, String> names = new TreeMap<>();
    for (Organ organ : Organ.values()) {
      names.put(organ.label, organ.title);
    }
    names.put(SPINE_LABEL, "spine");
    names.put(LUNG_LABEL, "lung");
    for (Organ host : LESION_HOSTS) {
      for (LesionKind kind : LesionKind.values()) {
        names.put(lesionLabel(host, kind), host.title + " " + kind.title);
      }
    }
    return names;
  }
}
