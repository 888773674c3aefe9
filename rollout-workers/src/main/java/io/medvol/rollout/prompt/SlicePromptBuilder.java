package io.medvol.rollout.prompt;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.VrsSample;
import io.medvol.data.volume.GridSize;
import io.medvol.model.policy.ChatMessage;
import io.medvol.reward.response.CoordinateScale;
import io.medvol.reward.response.ResponseForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One user turn: every shown slice behind a tag with its number in the volume, then the question
 * and the form of the answer (the order of MedVol-R1's reinforcement stage, arXiv 2605.26621).
 * Immutable and thread-safe if its renderer is.
 */
public final class SlicePromptBuilder {
  private static final String INSTRUCTION =
      """
      Above are axial slices of one CT scan, from head to feet, each behind its number.
      Task: %s
      Choose the one shown slice on which the structure is largest and draw a box around every \
      visible part of it there. \
      """;

  private static final String THOUSANDTHS =
      "Coordinates are whole numbers from 0 to 1000 across the slice. ";

  private static final String PIXELS =
      "Coordinates are whole pixels from the upper left corner of a slice %d wide and %d high. ";

  private static final String THINK = "<think>...</think>";

  private static final String ANSWER =
      "<answer>[{\"slice\": N, \"bbox_2d_list\": [[x1, y1, x2, y2]]}]</answer>";

  private static final String ABSENT =
      "\nIf the structure is not in the scan, the answer is <answer>[]</answer>.";

  private final SliceRenderer renderer;
  private final ResponseForm form;
  private final BoxScale scale;

  /** Asks for thoughts and then the answer. */
  public SlicePromptBuilder(SliceRenderer renderer) {
    this(renderer, ResponseForm.THINK_ANSWER);
  }

  /** Asks for boxes in thousandths. */
  public SlicePromptBuilder(SliceRenderer renderer, ResponseForm form) {
    this(renderer, form, BoxScale.THOUSANDTHS);
  }

  public SlicePromptBuilder(SliceRenderer renderer, ResponseForm form, BoxScale scale) {
    this.renderer = Objects.requireNonNull(renderer, "renderer");
    this.form = Objects.requireNonNull(form, "form");
    this.scale = Objects.requireNonNull(scale, "scale");
  }

  /** What prompts say word for word, in its order; a tiny vocabulary keeps each whole. */
  public static List<String> fixedTexts() {
    String[] parts = INSTRUCTION.split("%s");
    List<String> texts = new ArrayList<>(List.of(parts[0]));
    for (ResponseForm form : ResponseForm.values()) {
      texts.add(parts[1] + THOUSANDTHS + asked(form));
    }
    return texts;
  }

  private static String asked(ResponseForm form) {
    return switch (form) {
          case THINK_ANSWER ->
              "Think in one or two short sentences, then answer, in exactly this form:\n"
                  + THINK
                  + ANSWER;
          case ANSWER_THINK ->
              "Answer, then give your thoughts in one or two short sentences, in exactly this"
                  + " form:\n"
                  + ANSWER
                  + THINK;
          case ANSWER_ONLY -> "Answer at once, in exactly this form:\n" + ANSWER;
        }
        + ABSENT;
  }

  private static String coordinates(CoordinateScale scale) {
    return scale.equals(CoordinateScale.THOUSANDTHS)
        ? THOUSANDTHS
        : PIXELS.formatted(scale.width(), scale.height());
  }

  public List<ChatMessage> build(VrsSample sample, OpenVolume volume) {
    GridSize size = volume.size();
    List<ChatMessage.Part> parts = new ArrayList<>();
    for (int slice : sample.shownSlices()) {
      if (slice < 0 || slice >= size.slices()) {
        throw new MedVolException(
            ErrorCode.MALFORMED_DATA,
            "Sample "
                + sample.id()
                + " shows slice "
                + slice
                + ", but volume "
                + sample.volumeId()
                + " has slices 0 to "
                + (size.slices() - 1)
                + ". Prepare the volume and its samples again.");
      }
      parts.add(new ChatMessage.Text("<slice " + slice + ">\n"));
      parts.add(
          new ChatMessage.Image(renderer.render(volume.slice(slice), size.rows(), size.columns())));
    }
    parts.add(
        new ChatMessage.Text(
            INSTRUCTION.formatted(sample.question()) + coordinates(scale.of(size)) + asked(form)));
    return List.of(ChatMessage.user(parts));
  }
}
