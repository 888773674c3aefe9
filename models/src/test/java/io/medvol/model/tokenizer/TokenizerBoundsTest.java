package io.medvol.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.tiny.TinyPolicyConfig;
import io.medvol.model.tiny.TinyQwen3Vl;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The native tokenizer cannot be interrupted, so what it may be asked to do is bounded before. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TokenizerBoundsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int MAX_BYTES = 1 << 19;

  @TempDir Path root;

  private ModelDirectory directory;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    directory = TinyQwen3Vl.write(TinyPolicyConfig.defaults(1), root);
    file = root.resolve("tokenizer.json");
  }

  /** Each of these is valid for the native library, and takes it any time or memory. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '`',
      value = {
        "normalizer ^ {'type':'Replace','pattern':{'String':'a'},'content':'aaaaaaaaaa'} ^ normalizer",
        "normalizer ^ {'type':'Sequence','normalizers':[{'type':'NFC'}]} ^ normalizer",
        "normalizer ^ {'type':'Prepend','prepend':'x'} ^ normalizer",
        "normalizer ^ {'type':'NFC','content':'x'} ^ normalizer",
        "pre_tokenizer ^ {'type':'Split','pattern':{'Regex':'(a*)*b'},'behavior':'Isolated','invert':false} ^ pre_tokenizer",
        "pre_tokenizer ^ {'type':'Sequence','pretokenizers':[{'type':'Whitespace'}]} ^ pre_tokenizer",
        "post_processor ^ {'type':'RobertaProcessing'} ^ post_processor",
        "decoder ^ {'type':'Replace','pattern':{'String':'a'},'content':'aaaaaaaaaa'} ^ decoder",
        "/model/dropout ^ 0.5 ^ dropout",
        "/model/end_of_word_suffix ^ '</w>' ^ end_of_word_suffix",
        "/model/type ^ 'Unigram' ^ type",
        "/model/vocab/a ^ 4000000000 ^ id",
        "/model/vocab/a ^ 1e99 ^ id",
        "/added_tokens/0/lstrip ^ true ^ lstrip",
        "/added_tokens/0/content ^ '' ^ content",
        "/added_tokens/0/id ^ -1 ^ id",
      })
  void aPartThatIsNotOfTheFamilyIsNamed(String place, String value, String named)
      throws IOException {
    change(place, JSON.readTree(value.replace('\'', '"')));
    refused(named);
  }

  @Test
  void aNormalizerThatGrowsTextIsRefused() throws IOException {
    ObjectNode replace = JSON.createObjectNode().put("type", "Replace");
    replace.putObject("pattern").put("String", "a");
    change("normalizer", replace.put("content", "a".repeat(1_000_000)));
    refused("normalizer");
  }

  @Test
  void aTemplateThatRepeatsTheTextIsRefused() throws IOException {
    ObjectNode template = JSON.createObjectNode().put("type", "TemplateProcessing");
    for (int i = 0; i < 3; i++) {
      template
          .withArray("single")
          .addObject()
          .putObject("Sequence")
          .put("id", "A")
          .put("type_id", 0);
    }
    template.putArray("pair");
    template.putObject("special_tokens");
    change("post_processor", template);
    refused("post_processor");
  }

  @Test
  void paddingAndTruncationOfTheFileAreNotUsed() throws IOException {
    change(
        "padding",
        JSON.readTree(
            "{\"strategy\":{\"Fixed\":1000000000},\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
                + "\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"x\"}"));
    change(
        "truncation",
        JSON.readTree(
            "{\"direction\":\"Right\",\"max_length\":2,\"strategy\":\"LongestFirst\",\"stride\":1}"));
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(directory)) {
      assertThat(tokenizer.encode("left liver lobe, slice 7").length()).isBetween(5, 24);
    }
  }

  @Test
  void deepLargeAndDoubledFilesAreRefused() throws IOException {
    Files.writeString(file, "{\"x\":" + "[".repeat(100_000));
    refused("nesting");
    Files.writeString(file, "{\"added_tokens\":[" + "{},".repeat(1_000_000) + "{}],\"model\":{}}");
    refused("content");
    Files.writeString(file, "{\"normalizer\":[" + "{},".repeat(1_000_000) + "{}]}");
    refused("more than 1000 entries");
    Files.writeString(file, "{\"model\":{\"type\":\"BPE\"},\"model\":{\"type\":\"BPE\"}}");
    refused("uplicate");
    Files.writeString(file, " ".repeat((32 << 20) + 1));
    refused("32 MiB");
    Files.writeString(
        file, "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"" + "a".repeat(2000) + "\":1}}}");
    refused("a token of 2000 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", " \n", "e\u0301", "\u0301", "\u1e9b\u0323", "\u0958", "<|"})
  void theLongestTextTakesSeconds(String part) {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(directory)) {
      String text = part.repeat(MAX_BYTES / part.getBytes(StandardCharsets.UTF_8).length);
      long thread = Thread.currentThread().getId();
      long allocated = THREADS.getThreadAllocatedBytes(thread);
      long start = THREADS.getCurrentThreadCpuTime();
      assertThat(tokenizer.encode(text).length()).isBetween(1, 3 * MAX_BYTES);
      assertThat(THREADS.getCurrentThreadCpuTime() - start).isLessThan(10_000_000_000L);
      assertThat(THREADS.getThreadAllocatedBytes(thread) - allocated).isLessThan(512L << 20);
    }
  }

  @Test
  void aTextLongerThanAnyPromptIsRefused() {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.open(directory)) {
      assertThatThrownBy(() -> tokenizer.encode("a".repeat(MAX_BYTES + 1)))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("524289 bytes");
    }
  }

  /** So that it is the model that is refused, with its own exit code, and not each sample. */
  @Test
  void aTemplateThatReachesItsLimitsIsRefusedWhenItIsOpened() throws IOException {
    Path template = root.resolve("chat_template.jinja");
    Files.writeString(
        template,
        "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(99) %}"
            + "{% set ns.x = ns.x.replace('a', 'aaaaaaaa') %}{% endfor %}");
    assertThatThrownBy(() -> ChatTemplate.open(ModelDirectory.open(root)))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("more than 32 MiB");
    Files.writeString(template, "{{ raise_exception('no pictures, please') }}");
    assertThat(ChatTemplate.open(ModelDirectory.open(root))).isNotNull();
  }

  /** A field of the root by its name, or any by a path. */
  private void change(String place, JsonNode value) throws IOException {
    JsonNode tree = JSON.readTree(file.toFile());
    String path = place.startsWith("/") ? place : "/" + place;
    int last = path.lastIndexOf('/');
    ((ObjectNode) tree.at(path.substring(0, last))).set(path.substring(last + 1), value);
    JSON.writeValue(file.toFile(), tree);
  }

  private void refused(String named) {
    assertThatThrownBy(() -> PolicyTokenizer.open(directory))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(named)
        .satisfies(e -> assertThat(((MedVolException) e).code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .satisfies(e -> assertThat(e.getMessage().lines().count()).isOne());
  }
}
