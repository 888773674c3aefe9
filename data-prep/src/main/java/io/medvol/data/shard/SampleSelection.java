package io.medvol.data.shard;

import io.medvol.data.config.ConfigDescription;
import io.medvol.data.config.ConfigLimits;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.example.Sample;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/** Which samples of a prepared data set a command takes. */
@ConfigDescription("Which samples of a prepared data set a command takes.")
public record SampleSelection(
    @ConfigDescription(
            "The part: all, train, validation or test. All samples of one scan or picture, and of"
                + " its copies, lie in one part.")
        SplitPart part,
    @ConfigDescription("Share of scans or pictures for validation, 0 to 1.") double validationShare,
    @ConfigDescription("Share of scans or pictures for the test, 0 to 1.") double testShare,
    @ConfigDescription("Modalities of multiple-choice questions; all if empty.")
        List<String> modalities,
    @ConfigDescription("Types of multiple-choice questions; all if empty.")
        List<String> questionTypes)
    implements Serializable {
  private static final int HASH_DIGITS = 8;

  public SampleSelection {
    Objects.requireNonNull(part, "part");
    modalities = List.copyOf(modalities);
    questionTypes = List.copyOf(questionTypes);
    ConfigLimits.check()
        .between("validation-share", validationShare, 0, 1)
        .between("test-share", testShare, 0, 1 - validationShare)
        .orThrow();
  }

  public static SampleSelection defaults() {
    return new SampleSelection(SplitPart.ALL, 0.1, 0.2, List.of(), List.of());
  }

  public SampleSelection withPart(SplitPart other) {
    return new SampleSelection(other, validationShare, testShare, modalities, questionTypes);
  }

  public SampleSelection withModality(String modality) {
    return new SampleSelection(part, validationShare, testShare, List.of(modality), questionTypes);
  }

  public SampleSelection withQuestionType(String type) {
    return new SampleSelection(part, validationShare, testShare, modalities, List.of(type));
  }

  /**
   * The samples it takes, in the order of the data set.
   *
   * @throws MedVolException (INVALID_INPUT) if it takes none
   */
  public List<Sample> of(ShardDataset dataset) {
    List<Sample> taken =
        dataset.samples().stream()
            .filter(sample -> takes(sample) && lies(dataset.contentSha256(sample)))
            .toList();
    if (taken.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "None of the "
              + dataset.samples().size()
              + " samples of data set "
              + dataset.manifest().dataset()
              + " is of samples.part="
              + part
              + ", samples.modalities="
              + modalities
              + ", samples.question-types="
              + questionTypes
              + "; take a larger share or other names.");
    }
    return taken;
  }

  private boolean takes(Sample sample) {
    if (modalities.isEmpty() && questionTypes.isEmpty()) {
      return true;
    }
    return sample instanceof ChoiceSample choice
        && (modalities.isEmpty() || modalities.contains(choice.modality()))
        && (questionTypes.isEmpty() || questionTypes.contains(choice.questionType()));
  }

  /** The content hash is a number between 0 and 1 that no one chose. */
  private boolean lies(String contentSha256) {
    double place =
        Long.parseLong(contentSha256.substring(0, HASH_DIGITS), 16) / Math.pow(16, HASH_DIGITS);
    SplitPart here =
        place < testShare
            ? SplitPart.TEST
            : place < testShare + validationShare ? SplitPart.VALIDATION : SplitPart.TRAIN;
    return part == SplitPart.ALL || part == here;
  }
}
