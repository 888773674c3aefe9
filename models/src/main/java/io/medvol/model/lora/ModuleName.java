package io.medvol.model.lora;

import java.util.Objects;

/**
 * What a linear module is called.
 *
 * @param current by transformers since 4.52, such as {@code
 *     model.language_model.layers.0.self_attn.q_proj}
 * @param older by transformers before, such as {@code model.layers.0.self_attn.q_proj}
 */
public record ModuleName(String current, String older) {
  public ModuleName {
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(older, "older");
  }
}
