package io.medvol.model.policy;

import java.util.List;

/**
 * One turn of a conversation: a role ({@code system}, {@code user}, {@code assistant}) and parts.
 */
public record ChatMessage(String role, List<Part> parts) {
  public ChatMessage {
    parts = List.copyOf(parts);
  }

  public static ChatMessage user(List<Part> parts) {
    return new ChatMessage("user", parts);
  }

  /** A piece of a message. */
  public sealed interface Part {}

  public record Text(String text) implements Part {}

  public record Image(RgbImage image) implements Part {}
}
