package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.volume.Affine;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.VolumeGeometry;
import io.medvol.model.policy.Precision;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.model.weights.SafetensorsWriter;
import io.medvol.reward.metric.ConnectedComponents;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.Propagation;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses the small reference weights, which segment nothing in particular but do so exactly. */
@Tag("numeric")
class MedSam2PropagatorTest {
  private static final Path FOLDER = Golden.projectRoot().resolve("testdata/tiny-sam2");
  private static final EdgeBox BOX = new EdgeBox(30, 20, 60, 50);

  private static MedSam2Propagator propagator;

  @BeforeAll
  static void open() {
    propagator = open(MedSam2Settings.DEFAULT);
  }

  @AfterAll
  static void close() {
    propagator.close();
  }

  private static MedSam2Propagator open(MedSam2Settings settings) {
    return MedSam2Propagator.open(GoldenSam2.config(FOLDER), FOLDER.resolve("model.pt"), settings);
  }

  /** A bright tube in grey noise, wider than high. */
  private static CtVolume tube(int slices, int rows, int columns) {
    GridSize size = new GridSize(slices, rows, columns);
    short[] hu = new short[size.voxels()];
    for (int i = 0; i < hu.length; i++) {
      int column = i % columns - columns / 2;
      int row = i / columns % rows - rows / 2;
      boolean inside = column * column + row * row < 150;
      hu[i] = (short) ((inside ? 120 : 20) + i * 31 % 17);
    }
    return new CtVolume(
        new VolumeGeometry(size, Affine.ofRows(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0)), hu);
  }

  private static EvidencePrompt prompt(int slice, int first, int last, EdgeBox... boxes) {
    return new EvidencePrompt(slice, List.of(boxes), first, last);
  }

  private static BinaryMask mask(Propagation propagation) {
    return ((Propagation.Mask) propagation).mask();
  }

  private static int differing(BinaryMask a, BinaryMask b) {
    return a.count() + b.count() - 2 * a.intersection(b);
  }

  @Test
  void agreesWithAPlainPropagationOfTheSameBox() {
    CtVolume ct = tube(5, 70, 90);
    BinaryMask actual = mask(propagator.propagate(ct, List.of(prompt(2, 0, 4, BOX))).get(0));
    // The window 40 ± 200 leaves the values alone, so the range is 20..136.
    GridSize size = ct.size();
    GreySlices greys =
        new GreySlices(
            size,
            slice -> {
              byte[] grey = new byte[size.pixelsPerSlice()];
              short[] hu = ct.slice(slice);
              for (int i = 0; i < grey.length; i++) {
                grey[i] = (byte) (int) ((hu[i] - 20.0) / (136.0 - 20.0) * 255);
              }
              return grey;
            });
    try (TorchRuntime runtime = TorchRuntime.open();
        Sam2Model model =
            Sam2Model.load(GoldenSam2.config(FOLDER), FOLDER.resolve("model.pt"), runtime);
        Sam2Propagation plain = new Sam2Propagation(model, greys, Sam2Options.MEDSAM2)) {
      SlicePrompt box = SlicePrompt.box(2, 30, 20, 59, 49);
      BinaryMask expected = plain.propagate(List.of(new TrackRequest(List.of(box), 0, 4))).get(0);
      assertThat(expected.count()).isPositive();
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Test
  void aGroupGetsWhatEachOfItWouldGetAlone() {
    CtVolume ct = tube(7, 64, 64);
    List<EvidencePrompt> group =
        List.of(
            prompt(1, 0, 6, BOX),
            prompt(5, 0, 6, new EdgeBox(10, 10, 40, 40)),
            prompt(1, 0, 6, BOX),
            prompt(3, 2, 4, BOX, new EdgeBox(2, 2, 20, 30)));
    List<Propagation> together = propagator.propagate(ct, group);
    for (int i = 0; i < group.size(); i++) {
      BinaryMask alone = mask(propagator.propagate(ct, List.of(group.get(i))).get(0));
      assertThat(differing(mask(together.get(i)), alone)).isLessThanOrEqualTo(alone.count() / 2000);
    }
    assertThat(mask(together.get(2))).isEqualTo(mask(together.get(0)));
  }

  @Test
  void severalBoxesAreUnited() {
    CtVolume ct = tube(3, 64, 64);
    EdgeBox other = new EdgeBox(2, 2, 20, 30);
    BinaryMask both = mask(propagator.propagate(ct, List.of(prompt(1, 0, 2, BOX, other))).get(0));
    BinaryMask first = mask(propagator.propagate(ct, List.of(prompt(1, 0, 2, BOX))).get(0));
    BinaryMask second = mask(propagator.propagate(ct, List.of(prompt(1, 0, 2, other))).get(0));
    assertThat(differing(both, first.union(second))).isLessThanOrEqualTo(both.count() / 2000);
  }

  @Test
  void aSliceDoesNotDependOnHowFarTheWantedOnesReach() {
    CtVolume ct = tube(7, 64, 64);
    BinaryMask all = mask(propagator.propagate(ct, List.of(prompt(3, 0, 6, BOX))).get(0));
    BinaryMask near = mask(propagator.propagate(ct, List.of(prompt(3, 2, 5, BOX))).get(0));
    BinaryMask same = all.restrictedTo(2, 5);
    assertThat(differing(near, same)).isLessThanOrEqualTo(same.count() / 2000);
    assertThat(near.area(0)).isZero();
  }

  @Test
  void aSmallCacheChangesNothing() {
    CtVolume ct = tube(6, 64, 64);
    EvidencePrompt prompt = prompt(2, 0, 5, BOX);
    Sam2Options small = new Sam2Options(Sam2Options.Postprocessing.OFFICIAL, 0, 0, 1, 0);
    try (MedSam2Propagator frugal =
        open(
            new MedSam2Settings(
                MedSam2Settings.DEFAULT.window(),
                MedSam2Settings.Seeding.BOX,
                MedSam2Settings.Parts.ALL,
                small,
                Precision.FP32))) {
      BinaryMask expected = mask(propagator.propagate(ct, List.of(prompt)).get(0));
      BinaryMask actual = mask(frugal.propagate(ct, List.of(prompt)).get(0));
      assertThat(differing(actual, expected)).isLessThanOrEqualTo(expected.count() / 2000);
    }
  }

  @Test
  void theMaskOfTheBoxCanSeedTheTracks() {
    CtVolume ct = tube(4, 64, 64);
    try (MedSam2Propagator seeded =
        open(
            new MedSam2Settings(
                MedSam2Settings.DEFAULT.window(),
                MedSam2Settings.Seeding.MASK_FROM_BOX,
                MedSam2Settings.Parts.ALL,
                Sam2Options.MEDSAM2,
                Precision.FP32))) {
      BinaryMask boxed = mask(propagator.propagate(ct, List.of(prompt(1, 0, 3, BOX))).get(0));
      BinaryMask masked = mask(seeded.propagate(ct, List.of(prompt(1, 0, 3, BOX))).get(0));
      // The prompted slice is taken as it is, up to two resizings.
      int key = boxed.area(1);
      assertThat(differing(boxed.restrictedTo(1, 1), masked.restrictedTo(1, 1)))
          .isLessThan(key / 4);
    }
  }

  @Test
  void oneSliceAndOneColourAreNoTrouble() {
    CtVolume ct = tube(1, 40, 100);
    assertThat(mask(propagator.propagate(ct, List.of(prompt(0, 0, 0, BOX))).get(0)).size())
        .isEqualTo(ct.size());
    GridSize size = new GridSize(2, 32, 32);
    CtVolume flat =
        new CtVolume(
            new VolumeGeometry(size, Affine.ofRows(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)),
            new short[2048]);
    EvidencePrompt whole = prompt(0, 0, 1, new EdgeBox(-5, -5, 99, 99));
    assertThat(propagator.propagate(flat, List.of(whole)).get(0))
        .isInstanceOf(Propagation.Mask.class);
  }

  @Test
  void onlyTheLargestPartIsKeptWhereAskedFor() {
    CtVolume ct = tube(3, 64, 64);
    EdgeBox other = new EdgeBox(2, 2, 20, 30);
    EvidencePrompt prompt = prompt(1, 0, 2, BOX, other);
    try (MedSam2Propagator strict =
        open(
            new MedSam2Settings(
                MedSam2Settings.DEFAULT.window(),
                MedSam2Settings.Seeding.BOX,
                MedSam2Settings.Parts.LARGEST,
                Sam2Options.MEDSAM2,
                Precision.FP32))) {
      BinaryMask all = mask(propagator.propagate(ct, List.of(prompt)).get(0));
      BinaryMask largest = mask(strict.propagate(ct, List.of(prompt)).get(0));
      assertThat(largest)
          .isEqualTo(
              ConnectedComponents.of(all, ConnectedComponents.Connectivity.CORNERS).get(0).mask());
    }
  }

  @Test
  void aBoxWithoutAreaOrWithoutEndFailsBeforeTheNetwork() {
    CtVolume ct = tube(2, 64, 64);
    assertThatThrownBy(() -> new EdgeBox(10, 10, 10, 20))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EdgeBox(Double.NaN, 10, 20, 20))
        .isInstanceOf(IllegalArgumentException.class);
    EdgeBox endless = new EdgeBox(10, 10, Double.POSITIVE_INFINITY, 20);
    assertThat(propagator.propagate(ct, List.of(prompt(0, 0, 1, endless))).get(0))
        .isInstanceOf(Propagation.Failed.class);
    EdgeBox sliver = new EdgeBox(10.2, 10.2, 10.4, 10.4);
    assertThat(propagator.propagate(ct, List.of(prompt(0, 0, 1, sliver))).get(0))
        .isInstanceOf(Propagation.Mask.class);
  }

  @Test
  void aVolumeReadAgainFindsItsFeatures() {
    CtVolume ct = tube(4, 48, 64);
    BinaryMask first = mask(propagator.propagate(ct, List.of(prompt(1, 0, 3, BOX))).get(0));
    propagator.propagate(tube(3, 64, 48), List.of(prompt(1, 0, 2, BOX)));
    CtVolume again = tube(4, 48, 64);
    assertThat(mask(propagator.propagate(again, List.of(prompt(1, 0, 3, BOX))).get(0)))
        .isEqualTo(first);
  }

  @Test
  void weightsThatAreNoNumbersAreRefused(@TempDir Path folder) throws IOException {
    Path damaged = folder.resolve("damaged.safetensors");
    try (TorchRuntime runtime = TorchRuntime.open();
        Sam2Model model =
            Sam2Model.load(GoldenSam2.config(FOLDER), FOLDER.resolve("model.pt"), runtime);
        OutputStream out = Files.newOutputStream(damaged)) {
      List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
      Sam2Layout.of(model.config())
          .forEach(
              (name, shape) -> {
                float[] values = Tensors.floats(model.weights().get(name));
                if (name.equals("no_mem_embed")) {
                  values[3] = Float.NaN;
                }
                tensors.add(SafetensorsWriter.Tensor.floats(name, shape, values, 0));
              });
      SafetensorsWriter.write(tensors, out);
    }
    assertThatThrownBy(
            () ->
                MedSam2Propagator.open(GoldenSam2.config(FOLDER), damaged, MedSam2Settings.DEFAULT)
                    .close())
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_DATA))
        .hasMessageContaining("no_mem_embed")
        .hasMessageContaining("no finite number");
  }

  @Test
  void promptsOutsideTheVolumeFailByThemselves() {
    CtVolume ct = tube(3, 64, 64);
    List<Propagation> results =
        propagator.propagate(
            ct,
            List.of(
                prompt(1, 0, 2, new EdgeBox(64, 0, 70, 10)),
                prompt(1, 0, 3, BOX),
                prompt(1, 0, 2, BOX)));
    assertThat(results.get(0)).isInstanceOf(Propagation.Failed.class);
    assertThat(((Propagation.Failed) results.get(1)).reason()).contains("0..3", "volume of 3");
    assertThat(results.get(2)).isInstanceOf(Propagation.Mask.class);
  }

  @Test
  void weightsOfAnotherModelAreRefused() {
    assertThatThrownBy(
            () ->
                MedSam2Propagator.open(
                        Sam2Size.TINY.config(512),
                        FOLDER.resolve("model.pt"),
                        MedSam2Settings.DEFAULT)
                    .close())
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("do not fit the model configuration")
        .hasMessageContaining("maskmem_tpos_enc has shape [7, 1, 1, 16], not [7, 1, 1, 64]");
  }

  @Test
  void featuresAndTracksAreFreed() {
    try (TorchRuntime runtime = TorchRuntime.open();
        Sam2Model model =
            Sam2Model.load(GoldenSam2.config(FOLDER), FOLDER.resolve("model.pt"), runtime)) {
      int before = runtime.liveTensors();
      CtVolume ct = tube(12, 64, 64);
      GreySlices greys = new GreySlices(ct.size(), slice -> new byte[64 * 64]);
      try (Sam2Propagation plain = new Sam2Propagation(model, greys, Sam2Options.MEDSAM2)) {
        SlicePrompt box = SlicePrompt.box(6, 30, 20, 59, 49);
        plain.propagate(List.of(new TrackRequest(List.of(box), 0, 11)));
      }
      assertThat(runtime.liveTensors()).isEqualTo(before);
    }
  }
}
