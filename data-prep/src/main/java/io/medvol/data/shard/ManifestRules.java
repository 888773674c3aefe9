package io.medvol.data.shard;

import io.medvol.data.storage.Sha256;
import java.util.regex.Pattern;

/** What holds for every line of a manifest, whoever wrote it. */
final class ManifestRules {
  private static final Pattern VOLUME_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._=-]{1,128}");

  private ManifestRules() {}

  static void requireVolumeId(String volumeId) {
    if (!VOLUME_ID.matcher(volumeId).matches()) {
      throw new IllegalArgumentException(
          "'" + volumeId + "' is no volume id: letters, digits, dots, dashes and underscores");
    }
  }

  /** A path that could leave the folder of the manifest is refused. */
  static void requireRelative(String path) {
    for (String name : path.split("/", -1)) {
      if (name.equals(".") || name.equals("..") || !NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + path + "' is no path below the manifest");
      }
    }
  }

  static void requireFile(String path, long length, String sha256) {
    if (length < 0 || !Sha256.isDigest(sha256)) {
      throw new IllegalArgumentException(
          "File " + path + " has length " + length + " and SHA-256 '" + sha256 + "'");
    }
  }
}
