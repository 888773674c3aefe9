package io.medvol.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.tokenizer.jinja.JinjaTemplate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The chat template of a model: a conversation as the one text the model was trained to read, with
 * one placeholder for each image. Immutable and thread-safe.
 */
public final class ChatTemplate {
  private static final List<String> SPECIAL_TOKENS =
      List.of("bos_token", "eos_token", "pad_token", "unk_token");

  private final JinjaTemplate template;
  private final Map<String, Object> specialTokens;

  private ChatTemplate(JinjaTemplate template, Map<String, Object> specialTokens) {
    this.template = template;
    this.specialTokens = specialTokens;
  }

  /**
   * Parses the template of a model, and renders a short conversation, so that one that never ends
   * is known before a sample is.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if there is none, it is malformed,
   *     or takes more than its limits
   */
  public static ChatTemplate open(ModelDirectory directory) {
    Map<String, Object> specialTokens = new HashMap<>();
    directory
        .tokenizerConfig()
        .ifPresent(
            config -> {
              for (String name : SPECIAL_TOKENS) {
                JsonNode token = config.path(name);
                JsonNode text = token.isObject() ? token.path("content") : token;
                if (text.isTextual()) {
                  specialTokens.put(name, text.asText());
                }
              }
            });
    ChatTemplate template =
        new ChatTemplate(JinjaTemplate.parse(directory.chatTemplate()), specialTokens);
    List<Map<String, Object>> question =
        List.of(Map.of("type", "image"), Map.of("type", "text", "text", "Where is the liver?"));
    template.template.checkLimits(
        template.variables(
            List.of(Map.of("role", "user", "content", question)), ChatOptions.openAssistantTurn()));
    return template;
  }

  /**
   * Renders a conversation.
   *
   * @throws io.medvol.data.error.MedVolException INVALID_INPUT if the template refuses it
   */
  public String render(List<ChatMessage> messages, ChatOptions options) {
    return renderValues(messages.stream().map(ChatTemplate::values).toList(), options);
  }

  /** Renders messages in the form of the hub's JSON: {@code role} and {@code content}. */
  String renderValues(List<Map<String, Object>> messages, ChatOptions options) {
    return template.render(variables(messages, options));
  }

  private Map<String, Object> variables(List<Map<String, Object>> messages, ChatOptions options) {
    Map<String, Object> variables = new HashMap<>(specialTokens);
    variables.put("messages", messages);
    variables.put("add_generation_prompt", options.addGenerationPrompt());
    variables.put("add_vision_id", options.addVisionId());
    return variables;
  }

  private static Map<String, Object> values(ChatMessage message) {
    return Map.of("role", message.role(), "content", content(message.parts()));
  }

  /** A lone text is a plain string, the form that templates of language models know as well. */
  private static Object content(List<ChatMessage.Part> parts) {
    if (parts.size() == 1 && parts.get(0) instanceof ChatMessage.Text only) {
      return only.text();
    }
    List<Map<String, Object>> content = new ArrayList<>();
    for (ChatMessage.Part part : parts) {
      if (part instanceof ChatMessage.Text text) {
        content.add(Map.of("type", "text", "text", text.text()));
      } else {
        content.add(Map.of("type", "image"));
      }
    }
    return content;
  }
}
