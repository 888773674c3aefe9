package io.medvol.model.qwen;

import java.util.List;

/** How the vision towers of the family differ: the parts they have and what the hub calls them. */
enum TowerStyle {
  QWEN2_VL(Norm.LAYER, List.of("fc1", "fc2"), "ln_q", "mlp.0", "mlp.2", Activation.QUICK_GELU),
  QWEN2_5_VL(
      Norm.RMS,
      List.of("gate_proj", "up_proj", "down_proj"),
      "ln_q",
      "mlp.0",
      "mlp.2",
      Activation.SILU),
  QWEN3_VL(
      Norm.LAYER,
      List.of("linear_fc1", "linear_fc2"),
      "norm",
      "linear_fc1",
      "linear_fc2",
      Activation.GELU_TANH);

  /** With a bias and a mean to subtract, or without. */
  enum Norm {
    LAYER,
    RMS
  }

  private final Norm norm;
  private final List<String> mlp;
  private final String mergerNorm;
  private final String mergerIn;
  private final String mergerOut;
  private final Activation usual;

  TowerStyle(
      Norm norm,
      List<String> mlp,
      String mergerNorm,
      String mergerIn,
      String mergerOut,
      Activation usual) {
    this.norm = norm;
    this.mlp = mlp;
    this.mergerNorm = mergerNorm;
    this.mergerIn = mergerIn;
    this.mergerOut = mergerOut;
    this.usual = usual;
  }

  Norm norm() {
    return norm;
  }

  /** Names of the projections of a block's MLP; with three of them, the second is multiplied in. */
  List<String> mlp() {
    return mlp;
  }

  String mergerNorm() {
    return mergerNorm;
  }

  String mergerIn() {
    return mergerIn;
  }

  String mergerOut() {
    return mergerOut;
  }

  /** The activation where the configuration names none. */
  Activation usualActivation() {
    return usual;
  }

  /** Whether patches have a bias and a learned table of positions. */
  boolean learnsPositions() {
    return this == QWEN3_VL;
  }
}
