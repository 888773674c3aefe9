package io.medvol.bench.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.model.policy.Precision;
import io.medvol.model.sam2.GreySlices;
import io.medvol.model.sam2.Sam2Config;
import io.medvol.model.sam2.Sam2ConfigReader;
import io.medvol.model.sam2.Sam2Model;
import io.medvol.model.sam2.Sam2Options;
import io.medvol.model.sam2.Sam2Propagation;
import io.medvol.model.sam2.SlicePrompt;
import io.medvol.model.sam2.TrackRequest;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Follows one anchor and a group of them through the volume that {@code bench/segment/official.py}
 * prepared, with the same weights, and compares the masks with the official ones it left there.
 * Prints one line of JSON.
 */
@Command(name = "segment-group", mixinStandardHelpOptions = true)
public final class SegmentGroup implements Runnable {
  @Parameters(paramLabel = "DIR", description = "What official.py prepared.")
  private Path folder;

  @Option(names = "--threads", description = "Of one tensor operation.")
  private int threads = 2;

  @Option(names = "--anchors", description = "Most anchors of the group.")
  private int anchors = Integer.MAX_VALUE;

  @Option(names = "--tile", description = "How often the volume follows on itself, mirrored.")
  private int tile = 1;

  @Option(names = "--cache-bytes", description = "For features of slices.")
  private long cacheBytes = 1L << 29;

  @Option(
      names = "--repeats",
      description = "Of which the quickest counts; the first ones warm up.")
  private int repeats = 3;

  @Option(names = "--precision", description = "FP32 or BF16.")
  private Precision precision = Precision.FP32;

  @Option(names = "--skip-single", description = "Only the group.")
  private boolean skipSingle;

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Measured(List<BinaryMask> masks, double wall, double cpu) {
    ObjectNode json() {
      return JSON.createObjectNode().put("wall_s", wall).put("cpu_s", cpu);
    }
  }

  /** Runs it. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new SegmentGroup()).execute(args));
  }

  @Override
  public void run() {
    try {
      System.out.println(JSON.writeValueAsString(measure()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode measure() throws IOException {
    TorchRuntime.setIntraOpThreads(threads);
    JsonNode described = JSON.readTree(folder.resolve("volume.json").toFile());
    int slices = described.get("slices").asInt();
    GridSize size =
        new GridSize(
            slices * tile, described.get("rows").asInt(), described.get("columns").asInt());
    byte[] grey = Files.readAllBytes(folder.resolve("volume.raw"));
    int pixels = size.pixelsPerSlice();
    GreySlices images =
        new GreySlices(
            size,
            slice -> {
              int place = slice % (2 * slices);
              int source = place < slices ? place : 2 * slices - 1 - place;
              return Arrays.copyOfRange(grey, source * pixels, (source + 1) * pixels);
            });
    List<TrackRequest> requests = new ArrayList<>();
    for (JsonNode anchor : described.get("anchors")) {
      JsonNode box = anchor.get("box");
      SlicePrompt prompt =
          SlicePrompt.box(
              anchor.get("slice").asInt(),
              (float) box.get(0).asDouble(),
              (float) box.get(1).asDouble(),
              (float) box.get(2).asDouble(),
              (float) box.get(3).asDouble());
      requests.add(new TrackRequest(List.of(prompt), 0, size.slices() - 1));
    }
    requests = requests.subList(0, Math.min(anchors, requests.size()));
    Sam2Config config = Sam2ConfigReader.read(folder.resolve("config.json"));
    ObjectNode result = JSON.createObjectNode();
    try (TorchRuntime runtime = TorchRuntime.open();
        Sam2Model model =
            Sam2Model.load(config, folder.resolve("model.safetensors"), precision, runtime);
        TensorScope scope = runtime.storage()) {
      result.put("precision", precision.name());
      result.put("bfloat16_instructions", scope.ops().multipliesBfloat16());
      result.put("image_size", config.imageSize());
      result.put("threads", threads).put("slices", size.slices()).put("anchors", requests.size());
      if (!skipSingle) {
        result.set("one_prompt", quickest(model, images, requests.subList(0, 1)).json());
      }
      Measured group = quickest(model, images, requests);
      result.set("group", group.json());
      if (tile == 1) {
        compare(group.masks(), size, result);
      }
    }
    result.put("peak_rss_mb", peak());
    return result;
  }

  private Measured quickest(Sam2Model model, GreySlices images, List<TrackRequest> requests) {
    Measured best = propagate(model, images, requests);
    for (int i = 1; i < repeats; i++) {
      Measured next = propagate(model, images, requests);
      best = next.cpu() < best.cpu() ? next : best;
    }
    return best;
  }

  /** In a propagation of its own, so that no features are there yet. */
  private Measured propagate(Sam2Model model, GreySlices images, List<TrackRequest> requests) {
    Sam2Options like = Sam2Options.MEDSAM2;
    Sam2Options options =
        new Sam2Options(
            like.postprocessing(),
            like.fillHoleArea(),
            like.stopAfterEmpty(),
            like.tracksAtOnce(),
            cacheBytes);
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    try (Sam2Propagation propagation = new Sam2Propagation(model, images, options)) {
      List<BinaryMask> masks = propagation.propagate(requests);
      return new Measured(
          masks, (System.nanoTime() - wall) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9);
    }
  }

  private void compare(List<BinaryMask> masks, GridSize size, ObjectNode result)
      throws IOException {
    ArrayNode differing = result.putArray("differing_voxels");
    ArrayNode dice = result.putArray("dice");
    for (int i = 0; i < masks.size(); i++) {
      Path file = folder.resolve("official-" + i + ".mask");
      if (!Files.exists(file)) {
        return;
      }
      byte[] official = Files.readAllBytes(file);
      BinaryMask.Builder expected = BinaryMask.builder(size);
      for (int voxel = 0; voxel < official.length; voxel++) {
        if (official[voxel] != 0) {
          expected.setIndex(voxel);
        }
      }
      BinaryMask mask = expected.build();
      int both = mask.intersection(masks.get(i));
      int sum = mask.count() + masks.get(i).count();
      differing.add(sum - 2 * both);
      dice.add(sum == 0 ? 1 : 2.0 * both / sum);
    }
  }

  private static double peak() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    return Double.NaN;
  }
}
