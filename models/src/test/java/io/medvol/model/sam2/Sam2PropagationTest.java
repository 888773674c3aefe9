package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.MedVolException;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class Sam2PropagationTest {
  private static final Path FOLDER = Golden.projectRoot().resolve("testdata/tiny-sam2");
  private static final GridSize SIZE = new GridSize(9, 48, 64);
  private static final SlicePrompt BOX = SlicePrompt.box(3, 10, 10, 40, 30);

  private static TorchRuntime runtime;
  private static Sam2Model model;

  @BeforeAll
  static void open() {
    runtime = TorchRuntime.open();
    model = Sam2Model.load(GoldenSam2.config(FOLDER), FOLDER.resolve("model.pt"), runtime);
  }

  @AfterAll
  static void close() {
    model.close();
    runtime.close();
  }

  private static byte[] grey(int slice) {
    byte[] grey = new byte[SIZE.pixelsPerSlice()];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) (i * 7 + slice * 13);
    }
    return grey;
  }

  private static Sam2Options options(int stopAfterEmpty) {
    return new Sam2Options(Sam2Options.Postprocessing.OFFICIAL, 0, stopAfterEmpty, 16, 1 << 28);
  }

  private static TrackRequest whole(SlicePrompt prompt) {
    return new TrackRequest(List.of(prompt), 0, SIZE.slices() - 1);
  }

  @Test
  void eachSliceIsEncodedOnceForAllTracks() {
    AtomicInteger read = new AtomicInteger();
    GreySlices counted =
        new GreySlices(
            SIZE,
            slice -> {
              read.incrementAndGet();
              return grey(slice);
            });
    try (Sam2Propagation propagation = new Sam2Propagation(model, counted, options(0))) {
      propagation.propagate(
          List.of(whole(BOX), whole(SlicePrompt.box(6, 5, 5, 20, 20)), whole(BOX)));
      propagation.propagate(List.of(whole(SlicePrompt.box(0, 5, 5, 20, 20))));
    }
    assertThat(read).hasValue(SIZE.slices());
  }

  @Test
  void slicesAreVisitedOnwardsAndThenBackwardsFromThePrompt() {
    List<Integer> forward = new ArrayList<>();
    List<Integer> reverse = new ArrayList<>();
    try (Sam2Propagation propagation =
        new Sam2Propagation(model, new GreySlices(SIZE, Sam2PropagationTest::grey), options(0))) {
      propagation.propagate(
          List.of(new TrackRequest(List.of(BOX), 1, 6)),
          (request, direction, decision) ->
              (direction == Track.Direction.FORWARD ? forward : reverse).add(decision.slice()));
    }
    assertThat(forward).containsExactly(3, 4, 5, 6);
    assertThat(reverse).containsExactly(3, 2, 1);
  }

  @Test
  void aTrackCanEndWhereTheObjectHasLeft() {
    NDArray bias = model.weights().get("sam_mask_decoder.pred_obj_score_head.layers.2.bias");
    shift(bias, -100);
    List<Integer> visited = new ArrayList<>();
    try (Sam2Propagation propagation =
        new Sam2Propagation(model, new GreySlices(SIZE, Sam2PropagationTest::grey), options(2))) {
      BinaryMask mask =
          propagation
              .propagate(
                  List.of(new TrackRequest(List.of(BOX), 3, 8)),
                  (request, direction, decision) -> visited.add(decision.slice()))
              .get(0);
      assertThat(mask.count()).isZero();
    } finally {
      shift(bias, 100);
    }
    assertThat(visited).containsExactly(3, 4);
  }

  private static void shift(NDArray bias, double shift) {
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      scope.ops().copyInto(bias, scope.ops().affine(bias, 1, shift));
    }
  }

  @Test
  void slicesOutsideTheVolumeAndMasksOfAnotherGridAreRefused() {
    try (Sam2Propagation propagation =
        new Sam2Propagation(model, new GreySlices(SIZE, Sam2PropagationTest::grey), options(0))) {
      assertThatThrownBy(() -> propagation.propagate(List.of(new TrackRequest(List.of(BOX), 0, 9))))
          .isInstanceOf(MedVolException.class)
          .hasMessageContainingAll("0..9", "volume of 9");
      SlicePrompt mask = new SlicePrompt.Mask(2, BinaryMask.empty(new GridSize(1, 64, 48)));
      assertThatThrownBy(() -> propagation.propagate(List.of(whole(mask))))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("mask prompt");
    }
  }

  @Test
  void pointsWithoutAPlaceAndPromptsWithoutAPointAreRefused() {
    assertThatThrownBy(() -> SlicePrompt.box(0, 1, Float.NaN, 5, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("finite");
    assertThatThrownBy(() -> new SlicePrompt.Points(0, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs a point");
  }

  @Test
  void anEmptyMaskPromptMeansThatNothingIsThere() {
    List<Float> scores = new ArrayList<>();
    try (Sam2Propagation propagation =
        new Sam2Propagation(model, new GreySlices(SIZE, Sam2PropagationTest::grey), options(0))) {
      SlicePrompt nothing =
          new SlicePrompt.Mask(2, BinaryMask.empty(new GridSize(1, SIZE.rows(), SIZE.columns())));
      BinaryMask mask =
          propagation
              .propagate(
                  List.of(new TrackRequest(List.of(nothing), 2, 2)),
                  (request, direction, decision) -> scores.add(decision.objectScore()))
              .get(0);
      assertThat(mask.count()).isZero();
    }
    assertThat(scores).containsExactly(-10f);
  }

  @Test
  void whatAGroupHoldsDoesNotGrowWithTheVolume() {
    for (int cachedSlices : new int[] {0, 4}) {
      assertThat(mostTensors(20, cachedSlices))
          .as("with a cache of %d slices", cachedSlices)
          .isEqualTo(mostTensors(32, cachedSlices));
    }
  }

  /** Of two objects in both directions, at any slice. */
  private static int mostTensors(int slices, int cachedSlices) {
    GridSize size = new GridSize(slices, 32, 32);
    AtomicInteger most = new AtomicInteger();
    long cache = cachedSlices * SliceView.bytes(model.config(), model.type());
    Sam2Options frugal = new Sam2Options(Sam2Options.Postprocessing.OFFICIAL, 0, 0, 8, cache);
    GreySlices greys =
        new GreySlices(
            size,
            slice -> {
              byte[] grey = new byte[1024];
              Arrays.fill(grey, (byte) slice);
              return grey;
            });
    List<TrackRequest> requests = new ArrayList<>();
    for (int middle = slices / 2 - 1; middle <= slices / 2; middle++) {
      requests.add(new TrackRequest(List.of(SlicePrompt.box(middle, 4, 4, 20, 20)), 0, slices - 1));
    }
    try (Sam2Propagation propagation = new Sam2Propagation(model, greys, frugal)) {
      propagation.propagate(
          requests,
          (request, direction, decision) ->
              most.accumulateAndGet(runtime.liveTensors(), Math::max));
    }
    return most.get();
  }
}
