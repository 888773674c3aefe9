package io.medvol.rollout.task;

import io.medvol.data.example.ChoiceSample;
import io.medvol.model.policy.ChatMessage;
import io.medvol.model.policy.RgbImage;
import io.medvol.reward.response.ResponseForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a policy reads and is taught for a multiple-choice question: one user turn of the picture,
 * the question with lettered options, and the form of the answer (Med-R1, arXiv 2503.13939). The
 * wording is ours. Immutable and thread-safe.
 */
public final class ChoicePrompt {
  private static final String LETTER = "the one right letter inside <answer>...</answer>";
  private static final String THINK = "think step by step inside <think>...</think>";
  private static final String ONLY = "Write nothing else.";

  private final ResponseForm form;

  public ChoicePrompt(ResponseForm form) {
    this.form = Objects.requireNonNull(form, "form");
  }

  ResponseForm form() {
    return form;
  }

  List<ChatMessage> build(ChoiceSample sample, RgbImage picture) {
    return List.of(
        ChatMessage.user(
            List.of(
                new ChatMessage.Image(picture),
                new ChatMessage.Text(
                    sample.question()
                        + " "
                        + ChoiceSample.lettered(sample.options())
                        + instruction()))));
  }

  /** The answer a supervised policy is taught; its thought names the right option. */
  String demonstration(ChoiceSample sample) {
    String answer = "<answer>" + ChoiceSample.letter(sample.answer()) + "</answer>";
    String thought = "<think>I see: " + sample.target() + ".</think>";
    return switch (form) {
      case THINK_ANSWER -> thought + answer;
      case ANSWER_ONLY -> answer;
      case ANSWER_THINK -> answer + thought;
    };
  }

  /** What every prompt and demonstration says word for word; a tiny vocabulary keeps each whole. */
  public static List<String> fixedTexts() {
    List<String> texts = new ArrayList<>();
    for (ResponseForm form : ResponseForm.values()) {
      texts.add(new ChoicePrompt(form).instruction());
    }
    texts.addAll(List.of("<think>I see: ", ".</think>"));
    for (int option = 0; option < ChoiceSample.MAX_OPTIONS; option++) {
      texts.add((option == 0 ? " " : ", ") + ChoiceSample.letter(option) + ")");
    }
    return List.copyOf(texts);
  }

  private String instruction() {
    String task =
        switch (form) {
          case THINK_ANSWER -> "First " + THINK + ", then give " + LETTER;
          case ANSWER_ONLY -> "Give " + LETTER;
          case ANSWER_THINK -> "First give " + LETTER + ", then " + THINK;
        };
    return "\n" + task + ". " + ONLY;
  }
}
