package io.medvol.data.omnimedvqa;

import io.medvol.data.dataset.RejectedVolume;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder in the layout of OmniMedVQA: {@code QA_information/} with JSON files, directly or one
 * folder below, and the pictures these name.
 *
 * @param cases one for each picture, sorted by path
 * @param rejected questions that cannot be asked
 */
public record OmniMedVqaFolder(List<PictureCase> cases, List<RejectedVolume> rejected) {
  /** Name of the folder of questions. */
  public static final String QUESTIONS = "QA_information";

  private static final int MAX_FILE_BYTES = 256 << 20;
  private static final String ENDING = ".json";

  public OmniMedVqaFolder {
    cases = List.copyOf(cases);
    rejected = List.copyOf(rejected);
  }

  /** Whether a folder has this layout. */
  public static boolean isAt(Storage storage, String folder) throws IOException {
    return !storage.list(Storage.join(folder, QUESTIONS)).isEmpty();
  }

  /**
   * Reads the questions without opening any picture.
   *
   * @throws MedVolException (INVALID_INPUT) if there are none
   */
  public static OmniMedVqaFolder open(Storage storage, String folder) throws IOException {
    Map<String, List<QaRow>> byPicture = new TreeMap<>();
    List<RejectedVolume> rejected = new ArrayList<>();
    for (String path : files(storage, Storage.join(folder, QUESTIONS))) {
      QaFile file = QaFile.parse(path, storage.readAll(path, MAX_FILE_BYTES));
      rejected.addAll(file.rejected());
      for (QaRow row : file.rows()) {
        byPicture.computeIfAbsent(row.imagePath(), absent -> new ArrayList<>()).add(row);
      }
    }
    if (byPicture.isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Folder "
              + Storage.join(folder, QUESTIONS)
              + " holds no usable question"
              + (rejected.isEmpty()
                  ? "; expected JSON files in the layout of OmniMedVQA."
                  : ": " + rejected.get(0).reason()));
    }
    List<PictureCase> cases = new ArrayList<>();
    byPicture.forEach(
        (path, rows) -> cases.add(new PictureCase(path, Storage.join(folder, path), rows)));
    return new OmniMedVqaFolder(cases, rejected);
  }

  private static List<String> files(Storage storage, String folder) throws IOException {
    List<String> files = new ArrayList<>();
    for (String name : storage.list(folder)) {
      String path = Storage.join(folder, name);
      if (isQuestions(name)) {
        files.add(path);
      } else if (!name.startsWith(".")) {
        for (String below : below(storage, path, name)) {
          if (isQuestions(below)) {
            files.add(Storage.join(path, below));
          }
        }
      }
    }
    return files;
  }

  private static boolean isQuestions(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(ENDING) && !name.startsWith(".");
  }

  /** Nothing where the name is that of another kind of file, such as a read-me. */
  private static List<String> below(Storage storage, String path, String name) throws IOException {
    try {
      return storage.list(path);
    } catch (MedVolException e) {
      if (name.indexOf('.') < 0) {
        throw e;
      }
      return List.of();
    }
  }
}
