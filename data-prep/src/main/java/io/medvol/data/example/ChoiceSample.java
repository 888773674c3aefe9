package io.medvol.data.example;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One multiple-choice question about a prepared picture (Med-R1, arXiv 2503.13939).
 *
 * @param id unique in its data set, stable between preparations: keys the random streams
 * @param imageId pseudonym of the picture
 * @param question what is asked, without the options
 * @param options the texts of the options, lettered from A in this order; 2 to 26
 * @param answer index of the right option
 * @param modality of the picture, such as CT
 * @param questionType such as Disease Diagnosis
 */
public record ChoiceSample(
    String id,
    String imageId,
    String question,
    List<String> options,
    int answer,
    String modality,
    String questionType)
    implements Sample {
  /** Most options that letters can name. */
  public static final int MAX_OPTIONS = 26;

  public ChoiceSample {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(imageId, "imageId");
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(modality, "modality");
    Objects.requireNonNull(questionType, "questionType");
    options = List.copyOf(options);
    if (options.size() < 2 || options.size() > MAX_OPTIONS) {
      throw new IllegalArgumentException(id + " has " + options.size() + " options");
    }
    Objects.checkIndex(answer, options.size());
  }

  @Override
  public String sourceId() {
    return imageId;
  }

  /** The text of the right option. */
  @Override
  public String target() {
    return options.get(answer);
  }

  /** The letters offered, as capitals. */
  public List<String> letters() {
    return IntStream.range(0, options.size()).mapToObj(ChoiceSample::letter).toList();
  }

  /** The options behind their letters, as Med-R1 writes them: {@code A)left, B)right}. */
  public static String lettered(List<String> options) {
    return IntStream.range(0, options.size())
        .mapToObj(option -> letter(option) + ")" + options.get(option))
        .collect(Collectors.joining(", "));
  }

  /** The letter of an option. */
  public static String letter(int option) {
    return String.valueOf((char) ('A' + Objects.checkIndex(option, MAX_OPTIONS)));
  }
}
