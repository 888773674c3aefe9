package io.medvol.model.sam2.train;

import ai.djl.ndarray.NDArray;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.sam2.ClipNetwork;
import io.medvol.model.sam2.PromptPoint;
import io.medvol.model.sam2.Sam2Config;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes losses of clips and their gradients. On clips of several slices the ground truth says
 * where the object is remembered as present. Deterministic with one thread for an operation. Not
 * for several threads at once; teachers of one process do not disturb each other.
 */
public final class SegmenterTeacher implements AutoCloseable {
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

  private final Sam2Config config;
  private final ParameterLayout layout;
  private final TorchRuntime runtime;
  private final TensorScope storage;
  private final Map<String, NDArray> tensors = new LinkedHashMap<>();

  public SegmenterTeacher(Sam2Config config, SegmenterWeights weights) {
    this.config = config;
    this.layout = weights.layout();
    this.runtime = TorchRuntime.open();
    this.storage = runtime.storage();
    weights
        .with(weights.parameters())
        .forEach(
            (name, values) -> {
              long[] shape = weights.shape(name).stream().mapToLong(Long::longValue).toArray();
              tensors.put(name, storage.floats(values, shape));
            });
    layout.parameters().forEach(one -> Ops.requireGradient(tensors.get(one.name())));
  }

  /**
   * Adds the gradient of the clips' loss.
   *
   * @param parameters of {@link SegmenterWeights#layout}
   * @param clips of one or of a common number of slices
   * @param gradient is added to
   */
  public LossReport accumulate(
      float[] parameters, List<Clip> clips, LossWeights weights, float[] gradient) {
    show(parameters);
    try (TensorScope scope = runtime.compute(GradientMode.RECORD)) {
      Loss loss = loss(clips, weights, scope);
      List<NDArray> leaves =
          layout.parameters().stream().map(one -> tensors.get(one.name())).toList();
      List<NDArray> gradients =
          scope
              .ops()
              .gradients(List.of(loss.value()), List.of(scope.floats(new float[] {1}, 1)), leaves);
      for (int i = 0; i < gradients.size(); i++) {
        Tensors.addTo(
            gradient,
            layout.parameters().get(i).offset(),
            scope.ops().contiguous(gradients.get(i)));
      }
      return loss.report();
    }
  }

  /** The loss alone. */
  public LossReport evaluate(float[] parameters, List<Clip> clips, LossWeights weights) {
    show(parameters);
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      return loss(clips, weights, scope).report();
    }
  }

  /**
   * What the decoder sees on prompted slices: the mean of each channel, and the deviation from it
   * over all places and channels as the last entry.
   */
  public float[] featureStatistics(float[] parameters, List<Clip> clips) {
    show(parameters);
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      ClipNetwork network = new ClipNetwork(config, tensors, scope);
      List<Clip.Slice> slices = clips.stream().map(clip -> clip.slices().get(0)).toList();
      NDArray features = network.promptedFeatures(images(slices, scope));
      float[] values = Tensors.floats(scope.ops().contiguous(features));
      int width = config.neck().width();
      int places = config.grid() * config.grid();
      double[] means = new double[width];
      for (int i = 0; i < values.length; i++) {
        means[i / places % width] += (double) values[i] * width / values.length;
      }
      double squares = 0;
      for (int i = 0; i < values.length; i++) {
        double difference = values[i] - means[i / places % width];
        squares += difference * difference;
      }
      float[] statistics = new float[width + 1];
      for (int i = 0; i < width; i++) {
        statistics[i] = (float) means[i];
      }
      statistics[width] = (float) Math.sqrt(squares / values.length);
      return statistics;
    }
  }

  private void show(float[] parameters) {
    if (parameters.length != layout.size()) {
      throw new IllegalArgumentException(
          parameters.length + " parameters do not fill a layout of " + layout.size());
    }
    for (ParameterLayout.Parameter one : layout.parameters()) {
      Tensors.bytes(tensors.get(one.name()))
          .asFloatBuffer()
          .put(parameters, one.offset(), one.length());
    }
  }

  private record Loss(NDArray value, LossReport report) {}

  private Loss loss(List<Clip> given, LossWeights weights, TensorScope scope) {
    List<Clip> clips = new ArrayList<>(given);
    clips.sort((a, b) -> Integer.compare(b.slices().size(), a.slices().size()));
    int length = clips.get(0).slices().size();
    int tracked = length < 2 ? 0 : (int) clips.stream().filter(c -> c.slices().size() > 1).count();
    if (clips.subList(0, tracked).stream().anyMatch(clip -> clip.slices().size() != length)) {
      throw new IllegalArgumentException("Clips of several slices must have equally many");
    }
    List<ClipNetwork.Frame> frames =
        new ClipNetwork(config, tensors, scope).unroll(together(clips, tracked, length, scope));
    LossReport report = LossReport.NONE;
    NDArray sum = null;
    for (int slice = 0; slice < frames.size(); slice++) {
      List<Clip> shown = slice == 0 ? clips : clips.subList(0, tracked);
      List<NDArray> parts = frameLoss(frames.get(slice), shown, slice, weights, scope);
      LossReport.Parts own = LossReport.Parts.of(Tensors.floats(parts.get(1)));
      double value = Tensors.floats(parts.get(0))[0];
      report =
          report.plus(
              slice == 0
                  ? new LossReport(value, own, LossReport.Parts.NONE)
                  : new LossReport(value, LossReport.Parts.NONE, own));
      sum = sum == null ? parts.get(0) : scope.ops().add(sum, parts.get(0));
    }
    return new Loss(scope.ops().reshape(sum, 1), report);
  }

  private static List<NDArray> frameLoss(
      ClipNetwork.Frame frame,
      List<Clip> clips,
      int slice,
      LossWeights weights,
      TensorScope scope) {
    int count = clips.size();
    int pixels = clips.get(0).slices().get(0).target().length;
    float[] targets = new float[count * pixels];
    float[] visible = new float[count];
    float[] weight = new float[count];
    for (int i = 0; i < count; i++) {
      Clip.Slice shown = clips.get(i).slices().get(slice);
      System.arraycopy(shown.target(), 0, targets, i * pixels, pixels);
      visible[i] = shown.visible() ? 1 : 0;
      weight[i] = (float) (clips.get(i).weight() / clips.get(i).slices().size());
    }
    long side = Math.round(Math.sqrt(pixels));
    return scope
        .ops()
        .callForList(
            "sam_frame_loss",
            frame.masks(),
            frame.ious(),
            frame.scores(),
            scope.floats(targets, count, 1, side, side),
            scope.floats(visible, count),
            scope.floats(weight, count),
            weights.balance(),
            weights.overlap(),
            weights.presence());
  }

  private ClipNetwork.Clips together(List<Clip> clips, int tracked, int length, TensorScope scope) {
    List<Clip.Slice> slices = new ArrayList<>();
    List<List<PromptPoint>> boxes = new ArrayList<>();
    boolean[][] visible = new boolean[length][tracked];
    int[] span = new int[tracked];
    for (Clip clip : clips) {
      slices.add(clip.slices().get(0));
      float[] box = clip.box();
      boxes.add(
          List.of(
              new PromptPoint(box[0], box[1], PromptPoint.Label.BOX_TOP_LEFT),
              new PromptPoint(box[2], box[3], PromptPoint.Label.BOX_BOTTOM_RIGHT)));
    }
    for (int slice = 0; slice < length; slice++) {
      for (int clip = 0; clip < tracked; clip++) {
        Clip.Slice shown = clips.get(clip).slices().get(slice);
        visible[slice][clip] = shown.visible();
        if (slice > 0) {
          slices.add(shown);
        }
      }
    }
    for (int clip = 0; clip < tracked; clip++) {
      span[clip] = Math.min(clips.get(clip).volumeSlices(), config.tracking().pointers()) - 1;
    }
    return new ClipNetwork.Clips(images(slices, scope), boxes, tracked, length, visible, span);
  }

  private NDArray images(List<Clip.Slice> slices, TensorScope scope) {
    int side = config.imageSize();
    int pixels = side * side;
    float[] values = new float[3 * pixels * slices.size()];
    int at = 0;
    for (Clip.Slice slice : slices) {
      for (int channel = 0; channel < 3; channel++) {
        for (int i = 0; i < pixels; i++) {
          values[at++] = (slice.grey()[i] - MEAN[channel]) / DEVIATION[channel];
        }
      }
    }
    return scope.floats(values, slices.size(), 3, side, side);
  }

  @Override
  public void close() {
    storage.close();
    runtime.close();
  }
}
