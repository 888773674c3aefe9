package io.medvol.model.lora;

import java.util.Set;

/** What peft calls the tensors of an adapter. */
public final class AdapterNames {
  /** Modules that peft can adapt and this library cannot: they are not plain products. */
  public static final Set<String> WITHOUT_ADAPTER =
      Set.of(
          "lm_head",
          "model.language_model.embed_tokens",
          "model.visual.patch_embed.proj",
          "model.visual.pos_embed");

  private static final String PREFIX = "base_model.model.";

  private AdapterNames() {}

  /** A, {@code [rank][in]}. */
  public static String down(String module) {
    return PREFIX + module + ".lora_A.weight";
  }

  /** B, {@code [out][rank]}. */
  public static String up(String module) {
    return PREFIX + module + ".lora_B.weight";
  }
}
