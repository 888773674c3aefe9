package io.medvol.data.phantom;

import io.medvol.data.phantom.PhantomAnatomy.LesionKind;
import io.medvol.data.phantom.PhantomAnatomy.Organ;
import io.medvol.data.phantom.PhantomAnatomy.Shape;
import io.medvol.data.phantom.PhantomCanvas.Placed;
import io.medvol.data.volume.Affine;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.LabelVolume;
import io.medvol.data.volume.Orientation;
import io.medvol.data.volume.VolumeGeometry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes CT-like abdomens: trunk with a rim of fat, lung bases, liver, spleen, two kidneys, bladder,
 * spine, and in some a tumour or cyst. A phantom is a function of seed and index alone.
 * Thread-safe.
 */
public final class PhantomGenerator {
  // Each attempt fails in well under half of the draws, so that this many never do.
  private static final int MAX_ATTEMPTS = 200;

  private static final long MIDDLE = 0x5DEECE66DL;

  private final PhantomConfig config;

  public PhantomGenerator(PhantomConfig config) {
    this.config = Objects.requireNonNull(config, "config");
  }

  public Phantom generate(int index) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Optional<Phantom> phantom = draw(index, attempt);
      if (phantom.isPresent()) {
        return phantom.get();
      }
    }
    throw new IllegalStateException(
        "No sound phantom in " + MAX_ATTEMPTS + " draws for " + config + ", index " + index);
  }

  /** Empty where organs hide each other: every question must have its answer in the volume. */
  private Optional<Phantom> draw(int index, int attempt) {
    PhantomRandom random = new PhantomRandom(config.seed(), index, attempt);
    GridSize grid = config.grid();
    VolumeGeometry geometry = geometry(random, grid);
    PhantomCanvas canvas = new PhantomCanvas(grid);
    double scale = random.uniform(PhantomAnatomy.MIN_SCALE, PhantomAnatomy.MAX_SCALE);
    Middle middle = middle(index, attempt);
    canvas.body(middle.x(), middle.y(), scale);
    for (Shape lung : PhantomAnatomy.LUNGS) {
      canvas.ellipsoid(place(random, lung, scale, middle), PhantomAnatomy.LUNG_LABEL, 0);
    }
    Map<Organ, Placed> organs = new EnumMap<>(Organ.class);
    for (Organ organ : Organ.values()) {
      organs.put(organ, place(random, organ.shape, scale, middle));
      canvas.ellipsoid(organs.get(organ), organ.label, 0);
    }
    canvas.tube(
        middle.x() + (PhantomAnatomy.SPINE_X - 0.5),
        middle.y() + (PhantomAnatomy.SPINE_Y - 0.5) * scale,
        PhantomAnatomy.SPINE_RADIUS,
        PhantomAnatomy.SPINE_RADIUS,
        PhantomAnatomy.SPINE_HU,
        PhantomAnatomy.SPINE_LABEL);
    Optional<Lesion> lesion = lesion(random);
    lesion.ifPresent(
        found ->
            canvas.ellipsoid(
                inside(random, organs.get(found.host()).shape(), found),
                found.label(),
                found.host().label));
    short[] hu = canvas.noisy(random, config.noise());
    LabelVolume labels = new LabelVolume(geometry, canvas.labels());
    PhantomLayout layout = PhantomLayout.of(labels);
    if (!layout.isSound(lesion, middle.x())) {
      return Optional.empty();
    }
    String caseId = "phantom-%05d".formatted(index);
    String stored =
        PhantomAnatomy.STORED_ORIENTATIONS.get(index % PhantomAnatomy.STORED_ORIENTATIONS.size());
    return Optional.of(
        new Phantom(
            caseId,
            new CtVolume(geometry, hu),
            labels,
            Orientation.parse(stored),
            PhantomQuestions.ofCase(layout, lesion)));
  }

  /** Where the middle of the body lies, in fractions of the sides; {@code z} is a shift. */
  private record Middle(double x, double y, double z) {}

  /**
   * From draws of its own, so that a body in the middle is the same whether or not it could move.
   */
  private Middle middle(int index, int attempt) {
    PhantomRandom random = new PhantomRandom(config.seed() + MIDDLE, index, attempt);
    double shift = config.bodyShift();
    return new Middle(
        0.5 + shift * random.sign(),
        0.5 + shift * random.sign(),
        PhantomAnatomy.Z_SHIFT * shift * random.sign());
  }

  private static VolumeGeometry geometry(PhantomRandom random, GridSize grid) {
    double pixel =
        random.uniform(PhantomAnatomy.MIN_FIELD, PhantomAnatomy.MAX_FIELD)
            / Math.max(grid.rows(), grid.columns());
    double gap =
        random.uniform(PhantomAnatomy.MIN_HEIGHT, PhantomAnatomy.MAX_HEIGHT) / grid.slices();
    // Rounded to what single precision holds exactly, so that a NIfTI header gives it back.
    pixel = Math.rint(pixel * 64) / 64;
    gap = Math.rint(gap * 64) / 64;
    double x = Math.rint(random.uniform(100, 250));
    double y = Math.rint(random.uniform(100, 250));
    double z = Math.rint(random.uniform(-800, 400));
    return new VolumeGeometry(grid, Affine.ofRows(-pixel, 0, 0, x, 0, -pixel, 0, y, 0, 0, -gap, z));
  }

  private Placed place(PhantomRandom random, Shape shape, double scale, Middle middle) {
    double jitter = config.centreJitter();
    Shape varied =
        new Shape(
            middle.x() + (shape.x() - 0.5) * scale + jitter * random.sign(),
            middle.y() + (shape.y() - 0.5) * scale + jitter * random.sign(),
            shape.z() + middle.z() + PhantomAnatomy.Z_JITTER * jitter * random.sign(),
            shape.rx() * scale * radius(random),
            shape.ry() * scale * radius(random),
            shape.rz() * radius(random),
            shape.hu() + PhantomAnatomy.HU_SPREAD * random.normal());
    return new Placed(
        varied, PhantomAnatomy.TILT * random.sign(), PhantomAnatomy.DRIFT * random.sign());
  }

  private static double radius(PhantomRandom random) {
    return 1 + PhantomAnatomy.RADIUS_SPREAD * random.sign();
  }

  private Optional<Lesion> lesion(PhantomRandom random) {
    if (random.uniform(0, 1) >= config.lesionShare()) {
      return Optional.empty();
    }
    Organ host = PhantomAnatomy.LESION_HOSTS.get(random.below(PhantomAnatomy.LESION_HOSTS.size()));
    LesionKind[] kinds = LesionKind.values();
    return Optional.of(new Lesion(host, kinds[random.below(kinds.length)]));
  }

  private static Placed inside(PhantomRandom random, Shape host, Lesion lesion) {
    double reach = 1 - PhantomAnatomy.LESION_RADIUS;
    double size = PhantomAnatomy.LESION_RADIUS;
    return new Placed(
        new Shape(
            host.x() + reach * host.rx() * random.sign() / 2,
            host.y() + reach * host.ry() * random.sign() / 2,
            host.z() + reach * host.rz() * random.sign() / 2,
            host.rx() * size,
            host.ry() * size,
            host.rz() * size,
            lesion.kind().hu(lesion.host())),
        0,
        0);
  }
}
