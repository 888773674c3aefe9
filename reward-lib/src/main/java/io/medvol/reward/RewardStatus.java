package io.medvol.reward;

/** Why a reward has the value it has. Only {@link #OK} enters an advantage. */
public enum RewardStatus {
  OK,
  TIMEOUT,
  ERROR
}
