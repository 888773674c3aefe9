package io.medvol.model.tokenizer;

/**
 * How a conversation is rendered; the names are those of the template's variables.
 *
 * @param addGenerationPrompt whether the assistant's turn is opened at the end
 * @param addVisionId whether pictures are numbered in the text
 */
public record ChatOptions(boolean addGenerationPrompt, boolean addVisionId) {
  /** The conversation as it stands. */
  public static ChatOptions closed() {
    return new ChatOptions(false, false);
  }

  /** The conversation with the assistant's turn opened, for sampling an answer. */
  public static ChatOptions openAssistantTurn() {
    return new ChatOptions(true, false);
  }

  /** The same with "Picture 1: ", "Picture 2: " ... before the images. */
  public ChatOptions numberingPictures() {
    return new ChatOptions(addGenerationPrompt, true);
  }
}
