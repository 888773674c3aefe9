package io.medvol.rollout.objective;

/** The losses of the GRPO family, named as in TRL; each is the class of its name. */
public enum LossType {
  GRPO,
  BNPO,
  DR_GRPO,
  DAPO,
  CISPO,
  SAPO,
  LUSPO,
  VESPO;

  GroupLoss of(Objective objective) {
    return switch (this) {
      case GRPO -> new GrpoLoss(objective);
      case BNPO -> new BnpoLoss(objective);
      case DR_GRPO -> new DrGrpoLoss(objective);
      case DAPO -> new DapoLoss(objective);
      case CISPO -> new CispoLoss(objective);
      case SAPO -> new SapoLoss(objective);
      case LUSPO -> new LuspoLoss(objective);
      case VESPO -> new VespoLoss(objective);
    };
  }
}
