package io.medvol.model.lora;

/** How a network uses its adapter. */
public enum AdapterMode {
  /** Beside the weights it adapts; the only mode in which it is trained. */
  ACTIVE,
  /** Not at all: the network is the one it was trained from, such as a reference policy. */
  DISABLED,
  /** Added to the weights, which makes steps cheaper; leaving this mode restores them exactly. */
  MERGED
}
