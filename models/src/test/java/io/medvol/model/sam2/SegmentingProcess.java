package io.medvol.model.sam2;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.testing.Golden;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Segments a volume of the quickstart's size for a group of 8, in a process of its own. */
final class SegmentingProcess {
  private static final GridSize SIZE = new GridSize(12, 40, 40);
  private static final int GROUP = 8;

  private SegmentingProcess() {}

  public static void main(String[] args) {
    TorchRuntime.setIntraOpThreads(1);
    Path bundle =
        Golden.projectRoot().resolve("models/src/main/resources/io/medvol/model/sam2/bundle");
    Sam2Config config = Sam2ConfigReader.read(bundle.resolve(SegmenterBundle.CONFIG));
    List<TrackRequest> group =
        IntStream.range(0, GROUP).mapToObj(SegmentingProcess::request).toList();
    try (TorchRuntime runtime = TorchRuntime.open();
        Sam2Model model = Sam2Model.load(config, bundle.resolve(SegmenterBundle.WEIGHTS), runtime);
        Sam2Propagation propagation =
            new Sam2Propagation(
                model, new GreySlices(SIZE, SegmentingProcess::grey), Sam2Options.MEDSAM2)) {
      for (BinaryMask mask : propagation.propagate(group)) {
        System.out.println(mask.count());
      }
    }
  }

  private static TrackRequest request(int index) {
    SlicePrompt box = SlicePrompt.box(3 + index % 6, 10, 8 + index % 3, 29, 31);
    return new TrackRequest(List.of(box), 0, SIZE.slices() - 1);
  }

  /** A bright ball in a body of some texture. */
  private static byte[] grey(int slice) {
    byte[] grey = new byte[SIZE.pixelsPerSlice()];
    for (int i = 0; i < grey.length; i++) {
      double across = Math.hypot(i / SIZE.columns() - 20, i % SIZE.columns() - 20);
      boolean inside = Math.hypot(across, 2 * (slice - 6)) < 11;
      grey[i] = (byte) ((inside ? 160 : across < 19 ? 100 : 0) + i * 37 % 19);
    }
    return grey;
  }
}
