package io.medvol.data.dataset;

import io.medvol.data.error.ForeignText;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names what a folder holds that is not laid out as {@link DatasetFolder} expects. */
final class OtherLayout {
  private static final int MOST_LISTED = 20;
  private static final int MOST_NAMED = 8;
  private static final String SUBJECT_SCAN = "ct.nii.gz";
  private static final String SUBJECT_MASKS = "segmentations";

  private OtherLayout() {}

  /** What was found and what to do, as sentences after a space; empty for an empty folder. */
  static String hint(Storage storage, String folder) throws IOException {
    List<String> names = names(storage, folder);
    if (names.contains("imagesTr")) {
      return " Found imagesTr/"
          + (names.contains("labelsTr") ? " and labelsTr/" : "")
          + ": nnU-Net's layout. Rename them to images/ and labels/, and say in dataset.yaml what"
          + " dataset.json says of the labels.";
    }
    for (String below : List.of("", DatasetFolder.IMAGES + "/")) {
      String parent = below.isEmpty() ? folder : Storage.join(folder, DatasetFolder.IMAGES);
      List<String> children = below.isEmpty() ? names : names(storage, parent);
      for (String name :
          children.stream().filter(OtherLayout::maybeFolder).limit(MOST_LISTED).toList()) {
        List<String> inside = inside(storage, Storage.join(parent, name));
        String shown = below + ForeignText.line(name);
        if (inside.contains(SUBJECT_SCAN)) {
          return subjects(shown, inside.contains(SUBJECT_MASKS));
        }
        if (inside.stream().anyMatch(OtherLayout::isDicom)) {
          return dicom(shown + "/");
        }
      }
      if (children.stream().anyMatch(OtherLayout::isDicom)) {
        return dicom(below);
      }
    }
    return names.isEmpty()
        ? ""
        : " Found: "
            + names.stream()
                .limit(MOST_NAMED)
                .map(ForeignText::line)
                .collect(Collectors.joining(", "))
            + (names.size() > MOST_NAMED ? " and more." : ".");
  }

  private static String subjects(String subject, boolean masks) {
    return " Found "
        + subject
        + "/ct.nii.gz"
        + (masks ? " and " + subject + "/segmentations/" : "")
        + ": TotalSegmentator's layout. Put each scan at images/<case>.nii.gz, and its masks,"
        + " joined to one label map, at labels/<case>.nii.gz.";
  }

  private static String dicom(String where) {
    return " Found DICOM files (" + where + "*.dcm); convert each series to NIfTI first.";
  }

  private static List<String> names(Storage storage, String folder) throws IOException {
    return storage.list(folder).stream().filter(name -> !name.startsWith(".")).toList();
  }

  /** Nothing where the name is that of a file. */
  private static List<String> inside(Storage storage, String path) throws IOException {
    try {
      return names(storage, path);
    } catch (MedVolException e) {
      return List.of();
    }
  }

  private static boolean maybeFolder(String name) {
    return name.indexOf('.') < 0;
  }

  private static boolean isDicom(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".dcm");
  }
}
