package io.medvol.data.shard;

import java.io.Serializable;

/**
 * The file of a prepared data set that holds its samples.
 *
 * @param path relative to the folder of the manifest
 * @param length in bytes
 * @param sha256 of the file
 * @param rows samples, one a line
 */
public record SampleFile(String path, long length, String sha256, int rows)
    implements Serializable {
  public SampleFile {
    ManifestRules.requireRelative(path);
    ManifestRules.requireFile(path, length, sha256);
    if (rows < 0) {
      throw new IllegalArgumentException("File " + path + " cannot have " + rows + " rows");
    }
  }
}
