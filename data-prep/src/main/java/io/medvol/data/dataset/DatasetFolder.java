package io.medvol.data.dataset;

import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A folder with {@code images/}, {@code labels/} and {@code dataset.yaml}. A case is a pair of
 * {@code .nii} or {@code .nii.gz} files of the same name.
 *
 * @param cases complete ones, sorted by id
 * @param rejected incomplete ones, sorted by id
 */
public record DatasetFolder(
    FolderDescription description, List<DatasetCase> cases, List<RejectedVolume> rejected) {
  /** Name of the description in its folder. */
  public static final String DESCRIPTION_FILE = "dataset.yaml";

  /** Name of the folder of scans. */
  public static final String IMAGES = "images";

  /** Name of the folder of label maps. */
  public static final String LABELS = "labels";

  private static final int MAX_DESCRIPTION_BYTES = 16 << 20;
  private static final List<String> ENDINGS = List.of(".nii.gz", ".nii");

  public DatasetFolder {
    cases = List.copyOf(cases);
    rejected = List.copyOf(rejected);
  }

  /**
   * Lists a folder without opening any scan.
   *
   * @throws MedVolException (INVALID_INPUT) if it has no description or no image, (INVALID_CONFIG)
   *     if the description has problems
   */
  public static DatasetFolder open(Storage storage, String folder) throws IOException {
    String yaml = Storage.join(folder, DESCRIPTION_FILE);
    if (!storage.exists(yaml)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Folder "
              + folder
              + " has no "
              + DESCRIPTION_FILE
              + "; expected images/*.nii.gz, labels/*.nii.gz and dataset.yaml, which says what the"
              + " labels mean and what is asked.");
    }
    FolderDescription description =
        FolderDescription.parse(
            yaml, new String(storage.readAll(yaml, MAX_DESCRIPTION_BYTES), StandardCharsets.UTF_8));
    Map<String, List<String>> images = volumes(storage, Storage.join(folder, IMAGES));
    Map<String, List<String>> labels = volumes(storage, Storage.join(folder, LABELS));
    if (images.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Folder " + Storage.join(folder, IMAGES) + " holds no .nii or .nii.gz file.");
    }
    requireKnownCases(yaml, description, images);
    return pair(description, images, labels);
  }

  private static DatasetFolder pair(
      FolderDescription description,
      Map<String, List<String>> images,
      Map<String, List<String>> labels) {
    List<DatasetCase> cases = new ArrayList<>();
    List<RejectedVolume> rejected = new ArrayList<>();
    TreeSet<String> ids = new TreeSet<>(images.keySet());
    ids.addAll(labels.keySet());
    for (String id : ids) {
      List<String> image = images.getOrDefault(id, List.of());
      List<String> label = labels.getOrDefault(id, List.of());
      if (image.isEmpty()) {
        rejected.add(
            new RejectedVolume(
                id, Kind.NO_IMAGE, label.get(0) + ": there is no image of this name."));
      } else if (label.isEmpty()) {
        rejected.add(
            new RejectedVolume(
                id, Kind.NO_LABELS, image.get(0) + ": there are no labels of this name."));
      } else if (image.size() > 1 || label.size() > 1) {
        List<String> both = image.size() > 1 ? image : label;
        rejected.add(
            new RejectedVolume(
                id,
                Kind.AMBIGUOUS,
                both.get(0) + ": there is also " + both.get(1) + "; keep one of them."));
      } else {
        cases.add(new DatasetCase(id, image.get(0), label.get(0), description.queriesOf(id)));
      }
    }
    return new DatasetFolder(description, cases, rejected);
  }

  /** Paths by case id; hidden files and other kinds of file are left alone. */
  private static Map<String, List<String>> volumes(Storage storage, String folder)
      throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    for (String name : storage.list(folder)) {
      for (String ending : ENDINGS) {
        if (name.endsWith(ending) && name.length() > ending.length() && !name.startsWith(".")) {
          String id = name.substring(0, name.length() - ending.length());
          found.computeIfAbsent(id, absent -> new ArrayList<>()).add(Storage.join(folder, name));
        }
      }
    }
    return found;
  }

  private static void requireKnownCases(
      String yaml, FolderDescription description, Map<String, List<String>> images) {
    TreeSet<String> unknown = new TreeSet<>(description.caseQueries().keySet());
    unknown.removeAll(images.keySet());
    if (!unknown.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          yaml
              + ": case-queries names cases without an image: "
              + String.join(", ", unknown)
              + ".");
    }
  }
}
