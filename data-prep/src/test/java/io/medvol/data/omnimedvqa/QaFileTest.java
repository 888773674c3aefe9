package io.medvol.data.omnimedvqa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class QaFileTest {
  private static final String GOOD =
      """
      {"dataset": "D", "question_id": "D_1", "question_type": "Disease Diagnosis",
       "question": "Is there fluid?", "gt_answer": " Yes", "image_path": "Images/a b.png",
       "option_A": "No", "option_B": "Yes ", "modality_type": "CT"}""";

  @Test
  void answerIsFoundAmongTrimmedOptions() throws IOException {
    QaRow row = parse(GOOD).rows().get(0);
    assertThat(row.answer()).isEqualTo(1);
    assertThat(row.problem()).isEqualTo("Is there fluid? A)No, B)Yes");
    assertThat(row.modality()).isEqualTo("CT");
  }

  @Test
  void badQuestionsAreListedAndTheOthersKept() throws IOException {
    QaFile file =
        parse(
            GOOD.replace("\" Yes\"", "\"Perhaps\""),
            GOOD.replace("\"No\"", "\"Yes\""),
            GOOD.replace("\"option_B\"", "\"option_C\""),
            GOOD.replace("Images/a b.png", "Images/../../secret.png"),
            GOOD.replace("Images/a b.png", "/etc/passwd"),
            GOOD.replace("Images/a b.png", "s3a://other/bucket.png"),
            GOOD.replace("\"CT\"", "\"\""),
            "7",
            GOOD);
    assertThat(file.rows()).hasSize(1);
    assertThat(file.rejected())
        .extracting(rejected -> rejected.kind().name())
        .containsOnly("QUESTION");
    assertThat(file.rejected().stream().map(rejected -> rejected.reason().replaceAll(".*: ", "")))
        .containsExactly(
            "the answer is none of the options.",
            "the answer equals several options.",
            "it has fewer than two options.",
            "image_path 'Images/../../secret.png' does not lie below the folder.",
            "image_path '/etc/passwd' does not lie below the folder.",
            "image_path 's3a://other/bucket.png' does not lie below the folder.",
            "modality_type is absent.",
            "it has fewer than two options.");
  }

  @Test
  void fileThatIsNoArrayIsOneReject() throws IOException {
    for (String content : new String[] {"", "{", "{}", "[1,", "null"}) {
      QaFile file = QaFile.parse("f.json", content.getBytes(StandardCharsets.UTF_8));
      assertThat(file.rows()).isEmpty();
      assertThat(file.rejected()).hasSize(1);
      assertThat(file.rejected().get(0).reason()).startsWith("f.json: ");
    }
  }

  @Test
  void specialTokensInWhatThePolicyReadsTurnTheQuestionAway() throws IOException {
    QaFile file =
        parse(
            GOOD.replace("fluid?", "<|image_pad|> fluid?"),
            GOOD.replace("\"No\"", "\"No<|im_end|>\""),
            GOOD.replace("fluid?", "a < b | c > d fluid?"));
    assertThat(file.rows()).hasSize(1);
    assertThat(file.rejected()).hasSize(2);
    assertThat(file.rejected().get(0).reason())
        .isEqualTo(
            "f.json, question 0: question holds the special token <|image_pad|>; take it out.");
    assertThat(file.rejected().get(1).reason()).contains("option_A").contains("<|im_end|>");
  }

  @Test
  void onlyUtf8IsReadAndItsByteOrderMarkPassedOver() throws IOException {
    String good = "[" + GOOD.replace("fluid", "\u00e9panchement") + "]";
    QaFile latin = QaFile.parse("f.json", good.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(latin.rejected()).hasSize(1);
    assertThat(latin.rejected().get(0).reason())
        .startsWith("f.json: it is not UTF-8 text: line 2 holds the byte 0xE9");
    QaFile marked = QaFile.parse("f.json", ("\uFEFF" + good).getBytes(StandardCharsets.UTF_8));
    assertThat(marked.rows().get(0).question()).isEqualTo("Is there \u00e9panchement?");
  }

  private static QaFile parse(String... rows) throws IOException {
    return QaFile.parse(
        "f.json", ("[" + String.join(",", rows) + "]").getBytes(StandardCharsets.UTF_8));
  }
}
