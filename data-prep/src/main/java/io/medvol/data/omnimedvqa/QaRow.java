package io.medvol.data.omnimedvqa;

import io.medvol.data.example.ChoiceSample;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * One usable question of a file.
 *
 * @param questionId unique in OmniMedVQA
 * @param modality such as CT
 * @param questionType such as Disease Diagnosis
 * @param options without white space around, at least two
 * @param answer index of the right option
 * @param imagePath relative to the folder
 */
public record QaRow(
    String questionId,
    String modality,
    String questionType,
    String question,
    List<String> options,
    int answer,
    String imagePath)
    implements Serializable {
  public QaRow {
    Objects.requireNonNull(questionId, "questionId");
    Objects.requireNonNull(modality, "modality");
    Objects.requireNonNull(questionType, "questionType");
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(imagePath, "imagePath");
    options = List.copyOf(options);
    Objects.checkIndex(answer, options.size());
  }

  /** The question as Med-R1 writes it: {@code Which side? A)left, B)right}. */
  public String problem() {
    return question + " " + ChoiceSample.lettered(options);
  }
}
