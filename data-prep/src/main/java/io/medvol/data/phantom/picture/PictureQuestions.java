package io.medvol.data.phantom.picture;

import io.medvol.data.omnimedvqa.QaRow;
import io.medvol.data.phantom.picture.PicturePhantomConfig.OptionOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The five questions of OmniMedVQA about a scene; the last two need a lesion. */
final class PictureQuestions {
  static final String MODALITY = "Modality Recognition";
  static final String ANATOMY = "Anatomy Identification";
  static final String DISEASE = "Disease Diagnosis";
  static final String GRADING = "Lesion Grading";
  static final String ATTRIBUTE = "Other Biological Attributes";

  private static final String ASK_MODALITY = "What modality is used to take this image?";
  private static final String ASK_ANATOMY = "Which organ is shown in this image?";
  private static final String ASK_DISEASE = "Is there a lesion in this image?";
  private static final String ASK_GRADE = "Of which grade is the lesion in this image?";
  private static final String ASK_SIDE = "On which side of this image is the lesion?";

  private PictureQuestions() {}

  /** Every text that a question, an option or an answer holds. */
  static List<String> texts() {
    List<String> texts =
        new ArrayList<>(List.of(ASK_MODALITY, ASK_ANATOMY, ASK_DISEASE, ASK_GRADE, ASK_SIDE));
    texts.addAll(diseases());
    texts.addAll(sides());
    texts.addAll(Arrays.stream(Modality.values()).map(Modality::label).toList());
    texts.addAll(shapes());
    texts.addAll(grades());
    return List.copyOf(texts);
  }

  static List<QaRow> about(
      PictureScene scene, String name, String path, OptionOrder order, SplittableRandom random) {
    Modality modality = scene.modality();
    List<QaRow> rows = new ArrayList<>();
    Asked asked = new Asked(modality, name, path, order, random);
    int four = modality.ordinal() / Modality.OFFERED * Modality.OFFERED;
    List<String> modalities =
        Arrays.stream(Modality.values())
            .skip(four)
            .limit(Modality.OFFERED)
            .map(Modality::label)
            .toList();
    rows.add(asked.row(MODALITY, ASK_MODALITY, modalities, modality.label()));
    rows.add(asked.row(ANATOMY, ASK_ANATOMY, shapes(), scene.shape().label()));
    rows.add(
        asked.row(
            DISEASE, ASK_DISEASE, diseases(), diseases().get(scene.lesion() == null ? 1 : 0)));
    if (scene.lesion() != null) {
      rows.add(asked.row(GRADING, ASK_GRADE, grades(), scene.lesion().grade().label()));
      rows.add(
          asked.row(ATTRIBUTE, ASK_SIDE, sides(), sides().get(scene.lesion().x() < 0 ? 0 : 1)));
    }
    return rows;
  }

  private static List<String> shapes() {
    return Arrays.stream(PictureScene.Shape.values()).map(PictureScene.Shape::label).toList();
  }

  private static List<String> grades() {
    return Arrays.stream(PictureScene.Grade.values()).map(PictureScene.Grade::label).toList();
  }

  private static List<String> diseases() {
    return List.of("Yes, a lesion", "No lesion");
  }

  private static List<String> sides() {
    return List.of("Left side", "Right side");
  }

  private record Asked(
      Modality modality, String name, String path, OptionOrder order, SplittableRandom random) {
    QaRow row(String type, String question, List<String> options, String answer) {
      List<String> ordered = new ArrayList<>(options);
      if (order == OptionOrder.SHUFFLED) {
        for (int i = ordered.size() - 1; i > 0; i--) {
          int j = random.nextInt(i + 1);
          ordered.set(i, ordered.set(j, ordered.get(i)));
        }
      }
      return new QaRow(
          name + " " + type,
          modality.label(),
          type,
          question,
          ordered,
          ordered.indexOf(answer),
          path);
    }
  }
}
