package io.medvol.data.dataset;

import io.medvol.data.dataset.RejectedVolume.Kind;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.data.storage.Utf8Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final String FIRST_CHANNEL = "_0000";
  private static final Pattern OTHER_CHANNEL = Pattern.compile("(.+)_0\\d{3}");

  /** Name of a data set whose folder has none, such as the root of a disk. */
  private static final String UNNAMED = "scans";

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
              + " labels mean and what is asked."
              + OtherLayout.hint(storage, folder));
    }
    Map<String, List<String>> images = volumes(storage, Storage.join(folder, IMAGES));
    Map<String, List<String>> labels = volumes(storage, Storage.join(folder, LABELS));
    if (images.isEmpty()) {
      String path = Storage.join(folder, IMAGES);
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          (storage.exists(path)
                  ? "Folder " + path + " holds no .nii or .nii.gz file."
                  : "There is no folder " + path + ", where the scans are expected.")
              + OtherLayout.hint(storage, folder));
    }
    FolderDescription description = description(storage, folder, yaml);
    dropChannel(images, labels);
    requireKnownCases(yaml, description, images);
    return pair(description, images, labels);
  }

  private static FolderDescription description(Storage storage, String folder, String yaml)
      throws IOException {
    String text;
    try {
      text = Utf8Text.decode("File " + yaml, storage.readAll(yaml, MAX_DESCRIPTION_BYTES));
    } catch (Utf8Text.NotUtf8Exception e) {
      throw new MedVolException(ErrorCode.INVALID_CONFIG, e.getMessage(), e);
    }
    String[] parts = folder.split("/+");
    String name = parts.length == 0 ? "" : parts[parts.length - 1];
    return FolderDescription.parse(yaml, name.isBlank() ? UNNAMED : name, text);
  }

  /** nnU-Net ends the names of images, not those of labels, with the number of the channel. */
  private static void dropChannel(
      Map<String, List<String>> images, Map<String, List<String>> labels) {
    for (String id : List.copyOf(images.keySet())) {
      String plain = id.substring(0, Math.max(0, id.length() - FIRST_CHANNEL.length()));
      if (id.endsWith(FIRST_CHANNEL)
          && !labels.containsKey(id)
          && labels.containsKey(plain)
          && !images.containsKey(plain)) {
        images.put(plain, images.remove(id));
      }
    }
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
                id,
                Kind.NO_LABELS,
                image.get(0) + ": there are no labels of this name" + channel(id, images) + "."));
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

  private static String channel(String id, Map<String, List<String>> images) {
    Matcher other = OTHER_CHANNEL.matcher(id);
    return other.matches() && images.containsKey(other.group(1))
        ? "; it is a further channel of " + other.group(1) + ", and one channel is read"
        : "";
  }

  /** Paths by case id; hidden files and other kinds of file are left alone. */
  private static Map<String, List<String>> volumes(Storage storage, String folder)
      throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    for (String name : storage.list(folder)) {
      for (String ending : ENDINGS) {
        if (name.toLowerCase(Locale.ROOT).endsWith(ending)
            && name.length() > ending.length()
            && !name.startsWith(".")) {
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
