package io.medvol.model.qwen;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.AddedToken;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.image.ImageProcessor;
import io.medvol.model.image.PatchedImages;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PromptOptions;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.tokenizer.ChatOptions;
import io.medvol.model.tokenizer.ChatTemplate;
import io.medvol.model.tokenizer.ImagePlaceholders;
import io.medvol.model.tokenizer.PolicyTokenizer;
import java.util.Arrays;
import java.util.List;

/** Turns a conversation into what the network reads. */
final class PromptEncoder {
  private final PolicyTokenizer tokenizer;
  private final ChatTemplate template;
  private final ImageProcessor images;
  private final QwenConfig config;
  private final List<AddedToken> markup;
  private final int maxLength;

  PromptEncoder(
      ModelDirectory directory,
      PolicyTokenizer tokenizer,
      QwenConfig config,
      PromptOptions options) {
    this.tokenizer = tokenizer;
    this.template = ChatTemplate.open(directory);
    this.images = ImageProcessor.open(directory, options);
    this.maxLength = options.maxLength();
    this.config = config;
    this.markup = directory.addedTokens().stream().filter(AddedToken::isMarkup).toList();
  }

  /**
   * @throws MedVolException MALFORMED_DATA if a text holds markup or the prompt is too long
   */
  EncodedPrompt encode(List<ChatMessage> messages) {
    for (ChatMessage message : messages) {
      for (ChatMessage.Part part : message.parts()) {
        if (part instanceof ChatMessage.Text text) {
          requireNoMarkup(text.text());
        }
      }
    }
    PatchedImages patched =
        images.process(
            messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(ChatMessage.Image.class::isInstance)
                .map(part -> ((ChatMessage.Image) part).image())
                .toList());
    TokenIds tokens = tokenizer.encode(template.render(messages, ChatOptions.openAssistantTurn()));
    TokenIds expanded =
        ImagePlaceholders.expand(
            tokens, config.tokens().image(), patched.grids(), config.vision().mergeSize());
    if (maxLength > 0 && expanded.length() > maxLength) {
      throw new MedVolException(
          ErrorCode.MALFORMED_DATA,
          "The prompt has "
              + expanded.length()
              + " tokens, more than policy.max-prompt-length "
              + maxLength
              + ": prepare with fewer prepare.shown-slices, lower policy.max-pixels, or raise the limit");
    }
    return new EncodedPrompt(expanded, patched.pixelValues(), patched.grids());
  }

  /**
   * Holds that a text is nothing but text: markup in it would become the token it names, and close
   * a turn or stand for a picture.
   *
   * @throws MedVolException MALFORMED_DATA if it is not
   */
  void requireNoMarkup(String text) {
    for (AddedToken token : markup) {
      if (text.contains(token.content())) {
        throw new MedVolException(
            ErrorCode.MALFORMED_DATA,
            "A text of the sample holds "
                + token.content()
                + ", which this model reads as markup: take it out of the question and the names"
                + " of the targets");
      }
    }
  }

  /** What follows the line that opens the assistant's turn; its markup is the prompt's last. */
  String opening(TokenIds prompt) {
    int from = prompt.length();
    while (from > 0 && !isMarkup(prompt.at(from - 1))) {
      from--;
    }
    int[] ids = Arrays.copyOfRange(prompt.toArray(), from, prompt.length());
    String turn = tokenizer.decode(TokenIds.of(ids));
    return turn.substring(turn.indexOf('\n') + 1);
  }

  private boolean isMarkup(int id) {
    return markup.stream().anyMatch(token -> token.id() == id);
  }
}
