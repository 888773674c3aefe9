package io.medvol.data.phantom.picture;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.example.ChoiceSample;
import io.medvol.data.omnimedvqa.OmniMedVqaFolder;
import io.medvol.data.omnimedvqa.QaRow;
import io.medvol.data.picture.Picture;
import io.medvol.data.storage.Storage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Writes generated pictures and their questions in the layout of OmniMedVQA. */
public final class PicturePhantomFolder {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double LESION_SHARE = 0.6;

  private PicturePhantomFolder() {}

  /** Every text that questions and options hold; a tiny vocabulary keeps each whole. */
  public static List<String> texts() {
    return PictureQuestions.texts();
  }

  /** Makes all pictures of a configuration; returns the number of questions. */
  public static int write(Storage storage, String folder, PicturePhantomConfig config)
      throws IOException {
    int questions = 0;
    for (Modality modality : Modality.values()) {
      ArrayNode rows = JSON.createArrayNode();
      String slug = slug(modality.label());
      for (int index = 0; index < config.pictures(); index++) {
        // Three odd constants keep neighbouring keys apart before the generator mixes them.
        SplittableRandom random =
            new SplittableRandom(
                config.seed() * 0x9E3779B97F4A7C15L
                    ^ (modality.ordinal() + 1) * 0xC2B2AE3D27D4EB4FL
                    ^ (index + 1) * 0x165667B19E3779F9L);
        PictureScene scene = scene(modality, random);
        String path = "Images/%s/%s-%05d.png".formatted(modality.label(), slug, index);
        Picture picture =
            PicturePainter.paint(scene, config.side(), config.noise(), random.split());
        storage.commit(Storage.join(folder, path), png(picture));
        String name = slug + "-" + index;
        for (QaRow row :
            PictureQuestions.about(scene, name, path, config.optionOrder(), random.split())) {
          rows.add(json("Phantom " + modality.label(), row));
        }
      }
      questions += rows.size();
      storage.commit(
          Storage.join(
              folder, OmniMedVqaFolder.QUESTIONS + "/Open-access/Phantom " + slug + ".json"),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(rows));
    }
    return questions;
  }

  private static PictureScene scene(Modality modality, SplittableRandom random) {
    PictureScene.Shape[] shapes = PictureScene.Shape.values();
    PictureScene.Shape shape = shapes[random.nextInt(shapes.length)];
    PictureScene.Lesion lesion = null;
    if (random.nextDouble() < LESION_SHARE) {
      PictureScene.Grade[] grades = PictureScene.Grade.values();
      PictureScene.Grade grade = grades[random.nextInt(grades.length)];
      double side = random.nextBoolean() ? 1 : -1;
      lesion =
          new PictureScene.Lesion(
              grade, side * (0.16 + 0.12 * random.nextDouble()), -0.25 + 0.5 * random.nextDouble());
    }
    return new PictureScene(modality, shape, lesion);
  }

  private static ObjectNode json(String dataset, QaRow row) {
    ObjectNode node = JSON.createObjectNode();
    node.put("dataset", dataset);
    node.put("question_id", row.questionId());
    node.put("question_type", row.questionType());
    node.put("question", row.question());
    node.put("gt_answer", row.options().get(row.answer()));
    node.put("image_path", row.imagePath());
    for (int option = 0; option < row.options().size(); option++) {
      node.put("option_" + ChoiceSample.letter(option), row.options().get(option));
    }
    return node.put("modality_type", row.modality());
  }

  private static byte[] png(Picture picture) throws IOException {
    BufferedImage image =
        new BufferedImage(picture.columns(), picture.rows(), BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < picture.rows(); row++) {
      for (int column = 0; column < picture.columns(); column++) {
        image.setRGB(
            column,
            row,
            picture.sample(row, column, 0) << 16
                | picture.sample(row, column, 1) << 8
                | picture.sample(row, column, 2));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "png", out)) {
      throw new IllegalStateException("Every Java platform writes PNG");
    }
    return out.toByteArray();
  }

  private static String slug(String label) {
    return label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }
}
