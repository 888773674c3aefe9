package io.medvol.data.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.data.dataset.DatasetCase;
import io.medvol.data.dataset.DatasetFolder;
import io.medvol.data.dataset.PrepareConfig;
import io.medvol.data.dataset.PreparedVolume;
import io.medvol.data.dataset.StructureQuery;
import io.medvol.data.dataset.VolumePreparer;
import io.medvol.data.example.VrsSample;
import io.medvol.data.nifti.NiftiReader;
import io.medvol.data.phantom.PhantomAnatomy.Organ;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.LabelVolume;
import io.medvol.data.volume.Orientation;
import io.medvol.data.volume.VolumeGeometry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhantomGeneratorTest {
  private static final int VOLUMES = 40;
  private static final PhantomConfig SMALL = with(7, 12, 40, 0.08);

  private static PhantomConfig with(long seed, int slices, int side, double jitter) {
    return new PhantomConfig(VOLUMES, seed, slices, side, side, jitter, 25, 0.6);
  }

  private static List<Phantom> phantoms(PhantomConfig config) {
    PhantomGenerator generator = new PhantomGenerator(config);
    return IntStream.range(0, config.volumes()).mapToObj(generator::generate).toList();
  }

  private static BinaryMask mask(Phantom phantom, Organ organ) {
    return phantom.labels().mask(PhantomAnatomy.labels(organ));
  }

  /** Mean world position in millimetres, RAS+. */
  private static double[] centre(VolumeGeometry geometry, BinaryMask mask) {
    GridSize grid = mask.size();
    double[] sum = new double[3];
    for (int at = mask.nextSet(0); at >= 0; at = mask.nextSet(at + 1)) {
      double[] world =
          geometry
              .affine()
              .apply(
                  at % grid.columns(),
                  at / grid.columns() % grid.rows(),
                  at / grid.pixelsPerSlice());
      for (int i = 0; i < 3; i++) {
        sum[i] += world[i] / mask.count();
      }
    }
    return sum;
  }

  @Test
  void bodiesOffTheMiddleTakeTheirOrgansAlong() {
    List<Phantom> moved = phantoms(new PhantomConfig(VOLUMES, 7, 12, 40, 40, 0.04, 25, 0, 0.1));
    List<Phantom> still = phantoms(new PhantomConfig(VOLUMES, 7, 12, 40, 40, 0.04, 25, 0));
    for (int axis : new int[] {0, 1}) {
      double[] liver = centres(moved, List.of(Organ.LIVER.label), axis);
      double[] spine = centres(moved, List.of(PhantomAnatomy.SPINE_LABEL), axis);
      double[] apart = IntStream.range(0, VOLUMES).mapToDouble(i -> liver[i] - spine[i]).toArray();
      assertThat(spread(spine)).isGreaterThan(0.8 * spread(apart));
      assertThat(spread(liver))
          .isGreaterThan(1.4 * spread(centres(still, List.of(Organ.LIVER.label), axis)));
    }
    assertThat(spread(centres(moved, List.of(Organ.LIVER.label), 2)))
        .isGreaterThan(1.4 * spread(centres(still, List.of(Organ.LIVER.label), 2)));
  }

  /** Mean column, row or slice of each volume's structure. */
  private static double[] centres(List<Phantom> phantoms, List<Integer> labels, int axis) {
    return phantoms.stream()
        .mapToDouble(
            phantom -> {
              BinaryMask mask = phantom.labels().mask(labels);
              GridSize grid = mask.size();
              double sum = 0;
              for (int at = mask.nextSet(0); at >= 0; at = mask.nextSet(at + 1)) {
                sum +=
                    switch (axis) {
                      case 0 -> at % grid.columns();
                      case 1 -> at / grid.columns() % grid.rows();
                      default -> at / grid.pixelsPerSlice();
                    };
              }
              return sum / mask.count();
            })
        .toArray();
  }

  private static double spread(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values)
            .map(value -> (value - mean) * (value - mean))
            .average()
            .orElseThrow());
  }

  @Test
  void aPhantomIsAFunctionOfSeedAndIndex() {
    Phantom one = new PhantomGenerator(SMALL).generate(3);
    PhantomGenerator again = new PhantomGenerator(SMALL);
    again.generate(11);
    Phantom same = again.generate(3);
    assertThat(same.ct().slice(5)).isEqualTo(one.ct().slice(5));
    assertThat(same.labels().slice(5)).isEqualTo(one.labels().slice(5));
    assertThat(same.ct().geometry()).isEqualTo(one.ct().geometry());
    assertThat(same.queries()).isEqualTo(one.queries());
    Phantom otherIndex = again.generate(4);
    Phantom otherSeed = new PhantomGenerator(with(8, 12, 40, 0.08)).generate(3);
    assertThat(otherIndex.ct().slice(5)).isNotEqualTo(one.ct().slice(5));
    assertThat(otherSeed.ct().slice(5)).isNotEqualTo(one.ct().slice(5));
  }

  @Test
  void everyOrganIsThereAndOnItsSideInWorldCoordinates() {
    for (PhantomConfig config : List.of(SMALL, with(3, 8, 40, 0.12), with(3, 20, 64, 0))) {
      for (Phantom phantom : phantoms(config)) {
        VolumeGeometry geometry = phantom.ct().geometry();
        double[] spine = centre(geometry, phantom.labels().mask(List.of(6)));
        double[] liver = centre(geometry, mask(phantom, Organ.LIVER));
        double[] right = centre(geometry, mask(phantom, Organ.RIGHT_KIDNEY));
        double[] left = centre(geometry, mask(phantom, Organ.LEFT_KIDNEY));
        double[] spleen = centre(geometry, mask(phantom, Organ.SPLEEN));
        double[] bladder = centre(geometry, mask(phantom, Organ.BLADDER));
        assertThat(List.of(liver[0], right[0])).allMatch(x -> x > spine[0]);
        assertThat(List.of(left[0], spleen[0])).allMatch(x -> x < spine[0]);
        assertThat(bladder[2]).isLessThan(Math.min(left[2], right[2]));
        assertThat(bladder[1]).isGreaterThan(spine[1]);
        assertThat(spine[1]).isLessThan(liver[1]);
        int liverVoxels = mask(phantom, Organ.LIVER).count();
        for (Organ organ : Organ.values()) {
          int voxels = mask(phantom, organ).count();
          assertThat(voxels).isGreaterThanOrEqualTo(PhantomAnatomy.MIN_VOXELS);
          assertThat(organ == Organ.LIVER || voxels < liverVoxels).isTrue();
        }
      }
    }
  }

  @Test
  void tissuesHaveTheirValues() {
    double[] sums = new double[Organ.values().length];
    double spine = 0;
    double lung = 0;
    for (Phantom phantom : phantoms(SMALL)) {
      for (Organ organ : Organ.values()) {
        sums[organ.ordinal()] += mean(phantom, List.of(organ.label)) / VOLUMES;
      }
      spine += mean(phantom, List.of(6)) / VOLUMES;
      lung += mean(phantom, List.of(7)) / VOLUMES;
      assertThat(phantom.ct().hu(6, 0, 0)).isBetween((short) -1024, (short) -850);
    }
    for (Organ organ : Organ.values()) {
      // The mean of forty volumes of spread 12 lies within three standard errors.
      assertThat(sums[organ.ordinal()])
          .isCloseTo(organ.shape.hu(), within(3 * 12 / Math.sqrt(VOLUMES)));
    }
    assertThat(spine).isCloseTo(400, within(2.0));
    assertThat(lung).isCloseTo(-800, within(8.0));
  }

  private static double mean(Phantom phantom, List<Integer> labels) {
    BinaryMask mask = phantom.labels().mask(labels);
    GridSize grid = mask.size();
    double sum = 0;
    for (int at = mask.nextSet(0); at >= 0; at = mask.nextSet(at + 1)) {
      sum +=
          phantom
              .ct()
              .hu(
                  at / grid.pixelsPerSlice(),
                  at / grid.columns() % grid.rows(),
                  at % grid.columns());
    }
    return sum / mask.count();
  }

  @Test
  void questionsAboutOneCaseAreTrueOfIt() {
    Set<String> asked = new HashSet<>();
    for (Phantom phantom : phantoms(with(5, 12, 40, 0.08))) {
      for (StructureQuery query : phantom.queries()) {
        String question = query.questions().get(0);
        asked.add(question);
        Organ organ =
            Arrays.stream(Organ.values())
                .filter(o -> o.title.equals(query.target()))
                .findFirst()
                .orElseThrow();
        assertThat(query.labels()).isEqualTo(PhantomAnatomy.labels(organ));
        assertThat(holds(phantom, organ, question)).as(question + phantom.caseId()).isTrue();
      }
    }
    assertThat(asked)
        .contains(
            "Find the kidney that holds a tumour.",
            "Find the kidney that holds a cyst.",
            "Find the kidney without a tumour.",
            "Find the larger of the two kidneys.",
            "Find the kidney that lies higher than the other.",
            "Find the organ left of the liver, at the height of its centre.");
  }

  private static boolean holds(Phantom phantom, Organ organ, String question) {
    Organ other = organ == Organ.RIGHT_KIDNEY ? Organ.LEFT_KIDNEY : Organ.RIGHT_KIDNEY;
    VolumeGeometry geometry = phantom.ct().geometry();
    double[] here = centre(geometry, mask(phantom, organ));
    double[] there = centre(geometry, mask(phantom, other));
    int tumours = lesionVoxels(phantom, organ, "tumour");
    int cysts = lesionVoxels(phantom, organ, "cyst");
    return switch (question) {
      case "Find the kidney that holds a tumour." ->
          tumours > 0 && lesionVoxels(phantom, other, "tumour") == 0;
      case "Find the kidney that holds a cyst." ->
          cysts > 0 && lesionVoxels(phantom, other, "cyst") == 0;
      case "Find the kidney without a tumour." ->
          tumours == 0 && lesionVoxels(phantom, other, "tumour") > 0;
      case "Find the kidney without a cyst." ->
          cysts == 0 && lesionVoxels(phantom, other, "cyst") > 0;
      case "Find the larger of the two kidneys." ->
          mask(phantom, organ).count() > 1.25 * mask(phantom, other).count();
      case "Find the kidney that lies higher than the other." -> here[2] > there[2];
      case "Find the organ left of the liver, at the height of its centre." ->
          here[0] < centre(geometry, mask(phantom, Organ.LIVER))[0];
      default -> false;
    };
  }

  private static int lesionVoxels(Phantom phantom, Organ host, String kind) {
    return PhantomAnatomy.labelNames().entrySet().stream()
        .filter(entry -> entry.getValue().equals(host.title + " " + kind))
        .mapToInt(entry -> phantom.labels().mask(List.of(entry.getKey())).count())
        .sum();
  }

  @Test
  void lesionsAreSeenAgainstTheirHost() {
    int seen = 0;
    for (Phantom phantom : phantoms(SMALL)) {
      for (Organ host : PhantomAnatomy.LESION_HOSTS) {
        for (int label : PhantomAnatomy.labels(host).subList(1, 3)) {
          int voxels = phantom.labels().mask(List.of(label)).count();
          if (voxels > 0) {
            seen++;
            assertThat(voxels).isGreaterThanOrEqualTo(PhantomAnatomy.MIN_LESION_VOXELS);
            assertThat(mean(phantom, List.of(label)) - mean(phantom, List.of(host.label)))
                .satisfiesAnyOf(
                    d -> assertThat(d).isGreaterThan(30), d -> assertThat(d).isLessThan(-30));
          }
        }
      }
    }
    assertThat(seen).isBetween(VOLUMES / 3, VOLUMES);
  }

  @Test
  void everyStoredOrientationReadsBackToTheSamePatient(@TempDir Path folder) throws IOException {
    PhantomConfig config = new PhantomConfig(8, 7, 12, 40, 44, 0.08, 25, 0.5);
    LocalStorage storage = new LocalStorage();
    PhantomFolder.write(storage, folder.toString(), config);
    DatasetFolder opened = DatasetFolder.open(storage, folder.toString());
    assertThat(opened.rejected()).isEmpty();
    assertThat(opened.cases()).hasSize(8);
    Set<Orientation> orientations = new HashSet<>();
    PhantomGenerator generator = new PhantomGenerator(config);
    for (int index = 0; index < 8; index++) {
      Phantom phantom = generator.generate(index);
      DatasetCase scan = opened.cases().get(index);
      try (InputStream image = Files.newInputStream(Path.of(scan.imagePath()));
          InputStream label = Files.newInputStream(Path.of(scan.labelPath()))) {
        var stored = new NiftiReader().read("image", image);
        orientations.add(Orientation.of(stored.geometry().affine()));
        assertThat(Orientation.of(stored.geometry().affine())).isEqualTo(phantom.stored());
        CtVolume ct = stored.toCtVolume();
        LabelVolume labels = new NiftiReader().read("label", label).toLabelVolume();
        assertThat(ct.geometry().matches(phantom.ct().geometry())).isTrue();
        for (int slice = 0; slice < 12; slice++) {
          assertThat(ct.slice(slice)).isEqualTo(phantom.ct().slice(slice));
          assertThat(labels.slice(slice)).isEqualTo(phantom.labels().slice(slice));
        }
      }
    }
    assertThat(orientations).hasSize(8);
  }

  @Test
  void phantomsArePreparedLikeAnyScan(@TempDir Path folder) throws IOException {
    LocalStorage storage = new LocalStorage();
    String in = folder.resolve("in").toString();
    String out = folder.resolve("out").toString();
    PhantomFolder.write(storage, in, new PhantomConfig(3, 7, 12, 40, 40, 0.08, 25, 1));
    VolumePreparer preparer = new VolumePreparer(storage, storage, out, PrepareConfig.defaults());
    for (DatasetCase scan : DatasetFolder.open(storage, in).cases()) {
      PreparedVolume prepared = (PreparedVolume) preparer.prepare(scan);
      assertThat(prepared.samples())
          .extracting(VrsSample::target)
          .contains("liver", "spleen", "right kidney", "left kidney", "urinary bladder");
      assertThat(prepared.samples()).allMatch(sample -> !sample.keyBoxes().isEmpty());
    }
  }
}
