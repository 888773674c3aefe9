package io.medvol.model.qwen;

import ai.djl.ndarray.NDArray;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.Ops;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.TorchRuntime;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the input of each decoder layer and computes the layer again when its gradient is asked for
 * (arXiv 1604.06174). The vision tower, if it is trained, keeps its activations.
 */
final class RecomputedPass implements TrainingPass {
  private final TorchRuntime runtime;
  private final QwenNetwork network;
  private final TensorScope scope;
  private final List<NDArray> inputs = new ArrayList<>();
  private final List<NDArray> below = new ArrayList<>();
  private PackedGroup group;
  private QwenNetwork.GroupLayer layer;
  private NDArray imageRows;
  private List<NDArray> deepstack = List.of();

  RecomputedPass(TorchRuntime runtime, QwenNetwork network, TensorScope scope) {
    this.runtime = runtime;
    this.network = network;
    this.scope = scope;
  }

  @Override
  public NDArray forward(PackedGroup given) {
    group = given;
    layer = network.groupLayer(scope, group);
    Prompt prompt = group.prompt();
    imageRows = scope.indices(prompt.imageTokens().toArray());
    VisionFeatures features = prompt.hasImages() ? network.pictures(scope, prompt) : null;
    below.add(network.embed(scope, group.ids(), imageRows, features));
    if (features != null) {
      deepstack = features.deepstack();
      below.addAll(deepstack);
    }
    NDArray x = scope.ops().detach(below.get(0));
    for (int i = 0; i < network.decoder().layers(); i++) {
      inputs.add(x);
      try (TensorScope pass = runtime.compute(GradientMode.NONE)) {
        NDArray added = i < deepstack.size() ? deepstack.get(i) : null;
        x = scope.keep(layer(pass.ops(), i, x, added));
      }
    }
    inputs.add(x);
    try (TensorScope pass = runtime.compute(GradientMode.NONE)) {
      return scope.keep(last(pass, x));
    }
  }

  /** The input of each layer, and the output of the last. */
  List<NDArray> kept() {
    return inputs;
  }

  private NDArray layer(Ops ops, int index, NDArray x, NDArray added) {
    NDArray out = layer.apply(ops, index, x);
    return added == null ? out : ops.indexAdd(out, 0, imageRows, added);
  }

  private NDArray last(TensorScope pass, NDArray x) {
    return network.predictors(pass, group, network.decoder().finalNorm(pass.ops(), x));
  }

  @Override
  public void backward(NDArray seed, List<NDArray> leaves, Sink sink) {
    NDArray gradient;
    int top = inputs.size() - 1;
    try (TensorScope pass = runtime.compute(GradientMode.RECORD)) {
      NDArray x = leaf(pass, inputs.get(top));
      gradient = scope.keep(segment(pass, last(pass, x), seed, List.of(x), leaves, sink).get(0));
    }
    NDArray[] picturesGradient = new NDArray[deepstack.size()];
    for (int i = top - 1; i >= 0; i--) {
      try (TensorScope pass = runtime.compute(GradientMode.RECORD)) {
        List<NDArray> own = new ArrayList<>(List.of(leaf(pass, inputs.get(i))));
        if (i < deepstack.size()) {
          own.add(leaf(pass, deepstack.get(i)));
        }
        NDArray out = layer(pass.ops(), i, own.get(0), own.size() > 1 ? own.get(1) : null);
        List<NDArray> found = segment(pass, out, gradient, own, leaves, sink);
        gradient.close();
        gradient = scope.keep(found.get(0));
        if (own.size() > 1) {
          picturesGradient[i] = scope.keep(found.get(1));
        }
      }
      inputs.get(i + 1).close();
    }
    bottom(gradient, picturesGradient, leaves, sink);
  }

  private static NDArray leaf(TensorScope pass, NDArray x) {
    return Ops.requireGradient(pass.ops().detach(x));
  }

  /** Gradients of the segment's own inputs; those of the leaves go to the sink. */
  private static List<NDArray> segment(
      TensorScope pass,
      NDArray out,
      NDArray seed,
      List<NDArray> own,
      List<NDArray> leaves,
      Sink sink) {
    List<NDArray> wanted = new ArrayList<>(own);
    wanted.addAll(leaves);
    List<NDArray> found = pass.ops().influences(List.of(out), List.of(seed), wanted);
    for (int i = own.size(); i < wanted.size(); i++) {
      if (found.get(i).size() > 0) {
        sink.take(i - own.size(), found.get(i));
      }
    }
    return found.subList(0, own.size());
  }

  /** Embeddings and, if it is trained, the vision tower. */
  private void bottom(
      NDArray gradient, NDArray[] picturesGradient, List<NDArray> leaves, Sink sink) {
    List<NDArray> outputs = new ArrayList<>();
    List<NDArray> seeds = new ArrayList<>();
    for (int i = 0; i < below.size(); i++) {
      if (scope.ops().isRecorded(below.get(i))) {
        outputs.add(below.get(i));
        seeds.add(i == 0 ? gradient : picturesGradient[i - 1]);
      }
    }
    if (outputs.isEmpty()) {
      return;
    }
    List<NDArray> found = scope.ops().influences(outputs, seeds, leaves);
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).size() > 0) {
        sink.take(i, found.get(i));
      }
    }
  }
}
