package io.medvol.model.fuzz;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.fuzz.ReaderFuzz.Target;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.RgbImage;
import io.medvol.model.tokenizer.ChatOptions;
import io.medvol.model.tokenizer.ChatTemplate;
import io.medvol.model.tokenizer.PolicyTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a model brings to be run, its tokenizer and its chat template, damaged and made anew. */
final class ProgramTargets {
  private static final List<String> TOKENIZER_WORDS =
      List.of("BPE", "ByteLevel", "Regex", "(a*)*b", "\\\\p{L}+", "Unigram", "Split", "\"id\":");
  private static final List<String> TEMPLATE_WORDS =
      List.of(
          "{% for i in range(99999) %}",
          "{% endfor %}",
          "{% if true %}",
          "{% endif %}",
          "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
          "{{ messages | tojson }}",
          ".replace('a', 'aaaaaaaa')",
          " * 99999",
          " + message.content",
          " | join(message.content)",
          "[::-1]",
          ".upper()",
          "{% set ns = namespace(x='aa') %}",
          "{% set ns.x = ns.x + ns.x %}",
          "{% set ns.x = [ns.x, ns.x] %}",
          "{{ ns.x }}",
          "{%-",
          "-%}",
          "{#",
          "#}");

  private final ReaderTargets readers;
  private final Path model;

  ProgramTargets(ReaderTargets readers, Path model) {
    this.readers = readers;
    this.model = model;
  }

  List<Target> all() throws IOException {
    List<Target> targets = new ArrayList<>();
    Target tokenizer =
        ReaderTargets.target(
            readers.copy(model, "tokenizer"),
            "tokenizer.json",
            TOKENIZER_WORDS,
            25,
            ProgramTargets::tokenise);
    targets.add(tokenizer.with(null, ReaderFuzz.OF_PROGRAMS));
    targets.add(
        ReaderTargets.target(
                readers.copy(model, "tokenizer-parts"),
                "tokenizer.json",
                List.of(),
                400,
                "tokenizer.json, its parts",
                ProgramTargets::tokenise)
            .with(
                random -> TokenizerDamage.damaged(tokenizer.original(), random),
                ReaderFuzz.OF_PROGRAMS));
    Path folderOfTemplate = readers.copy(model, "jinja");
    Files.writeString(
        folderOfTemplate.resolve("chat_template.jinja"), ModelDirectory.open(model).chatTemplate());
    Target template =
        ReaderTargets.target(
            folderOfTemplate, "chat_template.jinja", TEMPLATE_WORDS, 1000, ProgramTargets::render);
    targets.add(template.with(null, ReaderFuzz.OF_PROGRAMS));
    targets.add(
        ReaderTargets.target(
                folderOfTemplate,
                "chat_template.jinja",
                List.of(),
                2000,
                "chat_template.jinja, written",
                ProgramTargets::render)
            .with(
                random -> TemplateGrammar.template(random).getBytes(StandardCharsets.UTF_8),
                ReaderFuzz.OF_PROGRAMS));
    return targets;
  }

  static void tokenise(Path root) {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(ModelDirectory.open(root))) {
      tokenizer.decode(tokenizer.encode("Where is the liver? <|im_end|>"));
    }
  }

  static void render(Path root) {
    List<ChatMessage.Part> parts =
        List.of(
            new ChatMessage.Image(new RgbImage(1, 1, new byte[3])),
            new ChatMessage.Text("Where is the liver?"));
    ChatTemplate.open(ModelDirectory.open(root))
        .render(List.of(new ChatMessage("user", parts)), ChatOptions.openAssistantTurn());
  }
}
