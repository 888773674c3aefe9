package io.medvol.model.tiny;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The tokenizer of a tiny model in the files of the hub. */
final class TinyTokenizerFiles {
  /** How Qwen cuts a text before it looks for pairs of bytes to merge. */
  private static final String SPLIT =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** The conversation format of Qwen3-VL without tools. */
  static final String CHAT_TEMPLATE =
      """
      {%- set pictures = namespace(count=0) %}
      {%- for message in messages %}
          {{- '<|im_start|>' + message.role + '\\n' }}
          {%- if message.content is string %}
              {{- message.content }}
          {%- else %}
              {%- for part in message.content %}
                  {%- if part.type == 'image' %}
                      {%- set pictures.count = pictures.count + 1 %}
                      {%- if add_vision_id %}
                          {{- 'Picture ' ~ pictures.count ~ ': ' }}
                      {%- endif %}
                      {{- '<|vision_start|><|image_pad|><|vision_end|>' }}
                  {%- else %}
                      {{- part.text }}
                  {%- endif %}
              {%- endfor %}
          {%- endif %}
          {{- '<|im_end|>\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}
          {{- '<|im_start|>assistant\\n' }}
      {%- endif %}
      """;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final TinyVocabulary vocabulary;

  TinyTokenizerFiles(TinyVocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  ObjectNode tokenizer() {
    ObjectNode root = JSON.objectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (String text : vocabulary.added()) {
      added.add(addedToken(text).put("id", vocabulary.id(text)));
    }
    root.putObject("normalizer").put("type", "NFC");
    ArrayNode steps =
        root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
    ObjectNode split = steps.addObject().put("type", "Split");
    split.putObject("pattern").put("Regex", SPLIT);
    split.put("behavior", "Isolated").put("invert", false);
    steps.add(byteLevel());
    root.set("post_processor", byteLevel());
    root.set("decoder", byteLevel());
    ObjectNode model = root.putObject("model");
    model.put("type", "BPE").putNull("dropout").putNull("unk_token");
    model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    model.set("vocab", vocab());
    model.putArray("merges");
    return root;
  }

  ObjectNode vocab() {
    ObjectNode vocab = JSON.objectNode();
    List<String> bytes = vocabulary.bytes();
    for (int id = 0; id < bytes.size(); id++) {
      vocab.put(bytes.get(id), id);
    }
    return vocab;
  }

  ObjectNode tokenizerConfig() {
    ObjectNode root = JSON.objectNode();
    root.put("add_bos_token", false).put("add_prefix_space", false);
    ObjectNode decoder = root.putObject("added_tokens_decoder");
    for (String text : vocabulary.added()) {
      decoder.set(Integer.toString(vocabulary.id(text)), addedToken(text));
    }
    ArrayNode special = root.putArray("additional_special_tokens");
    TinyVocabulary.SPECIAL.stream()
        .filter(text -> !text.equals(TinyVocabulary.END_OF_TEXT))
        .forEach(special::add);
    root.putNull("bos_token");
    root.put("chat_template", CHAT_TEMPLATE);
    root.put("clean_up_tokenization_spaces", false);
    root.put("eos_token", TinyVocabulary.END_OF_TURN);
    root.put("errors", "replace");
    root.put("model_max_length", TinyQwen3Vl.MAX_POSITIONS);
    root.put("pad_token", TinyVocabulary.END_OF_TEXT);
    root.put("padding_side", "left").put("split_special_tokens", false);
    root.put("tokenizer_class", "Qwen2Tokenizer").putNull("unk_token");
    return root;
  }

  ObjectNode chatTemplate() {
    return JSON.objectNode().put("chat_template", CHAT_TEMPLATE);
  }

  private static ObjectNode addedToken(String text) {
    return JSON.objectNode()
        .put("content", text)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", TinyVocabulary.SPECIAL.contains(text));
  }

  private static ObjectNode byteLevel() {
    return JSON.objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", false)
        .put("use_regex", false);
  }
}
