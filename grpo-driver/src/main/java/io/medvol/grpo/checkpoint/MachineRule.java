package io.medvol.grpo.checkpoint;

/** Which kinds of machine may work on one run: other kinds give other last bits. */
public enum MachineRule {
  /** One kind: interrupted or not, on whatever machine of it, a run ends with the same bytes. */
  SAME,
  /** Any: every kind that has worked is recorded, and the run does not repeat to the bit. */
  ANY
}
