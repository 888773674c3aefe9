package io.medvol.model.qwen;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.image.ImageProcessor;
import io.medvol.model.image.PatchedImages;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.tokenizer.ChatOptions;
import io.medvol.model.tokenizer.ChatTemplate;
import io.medvol.model.tokenizer.ImagePlaceholders;
import io.medvol.model.tokenizer.PolicyTokenizer;
import java.util.List;

/** Turns a conversation into what the network reads. */
final class PromptEncoder {
  private final PolicyTokenizer tokenizer;
  private final ChatTemplate template;
  private final ImageProcessor images;
  private final QwenConfig config;

  PromptEncoder(ModelDirectory directory, PolicyTokenizer tokenizer, QwenConfig config) {
    this.tokenizer = tokenizer;
    this.template = ChatTemplate.open(directory);
    this.images = ImageProcessor.open(directory);
    this.config = config;
  }

  EncodedPrompt encode(List<ChatMessage> messages) {
    PatchedImages patched =
        images.process(
            messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(ChatMessage.Image.class::isInstance)
                .map(part -> ((ChatMessage.Image) part).image())
                .toList());
    TokenIds tokens = tokenizer.encode(template.render(messages, ChatOptions.openAssistantTurn()));
    return new EncodedPrompt(
        ImagePlaceholders.expand(
            tokens, config.tokens().image(), patched.grids(), config.vision().mergeSize()),
        patched.pixelValues(),
        patched.grids());
  }
}
