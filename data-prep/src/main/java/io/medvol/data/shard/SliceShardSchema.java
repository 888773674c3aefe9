package io.medvol.data.shard;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Sha256;
import io.medvol.data.volume.Affine;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.VolumeGeometry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** The Arrow schema of a slice shard, version {@value #VERSION}, and its metadata keys. */
final class SliceShardSchema {
  static final int VERSION = 1;
  static final String SLICE = "slice";
  static final String HU = "hu";
  static final String LABELS = "labels";

  private static final String FORMAT_NAME = "slice-shard";
  private static final String FORMAT_KEY = "medvol.format";
  private static final String VERSION_KEY = "medvol.schema-version";
  private static final String VOLUME_KEY = "medvol.volume-id";
  private static final String GRID_KEY = "medvol.grid";
  private static final String AFFINE_KEY = "medvol.affine";
  private static final String LABELLED_KEY = "medvol.labelled";
  private static final String CONTENT_KEY = "medvol.content-sha256";

  /** 512 x 512 x 2048: beyond whole-body scans, and 1 GiB of HU values. */
  static final int MAX_VOXELS = 1 << 29;

  private static final int MAX_SIDE = 1 << 16;

  private SliceShardSchema() {}

  static Schema of(ShardHeader header) {
    GridSize grid = header.geometry().size();
    int width = Short.BYTES * grid.pixelsPerSlice();
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(FORMAT_KEY, FORMAT_NAME);
    metadata.put(VERSION_KEY, Integer.toString(VERSION));
    metadata.put(VOLUME_KEY, header.volumeId());
    metadata.put(GRID_KEY, grid.slices() + " " + grid.rows() + " " + grid.columns());
    metadata.put(AFFINE_KEY, affineText(header.geometry().affine()));
    metadata.put(LABELLED_KEY, Boolean.toString(header.labelled()));
    metadata.put(CONTENT_KEY, header.contentSha256());
    return new Schema(
        List.of(
            new Field(SLICE, FieldType.notNullable(new ArrowType.Int(32, true)), null),
            new Field(HU, FieldType.notNullable(new ArrowType.FixedSizeBinary(width)), null),
            new Field(LABELS, FieldType.nullable(new ArrowType.FixedSizeBinary(width)), null)),
        metadata);
  }

  /**
   * Reads and checks a schema: a later version, or fields that do not fit the grid, are refused.
   */
  static ShardHeader parse(String path, Schema schema) {
    Map<String, String> metadata = schema.getCustomMetadata();
    if (!FORMAT_NAME.equals(metadata.get(FORMAT_KEY))) {
      throw malformed(path, "it is an Arrow file, but not a slice shard");
    }
    int version = (int) number(path, metadata, VERSION_KEY);
    if (version > VERSION) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Slice shard "
              + path
              + " has schema version "
              + version
              + "; this build reads up to "
              + VERSION
              + ". Prepare it again, or use a later build.");
    }
    if (version < 1) {
      throw malformed(path, "its schema version is " + version);
    }
    GridSize grid = grid(path, text(path, metadata, GRID_KEY));
    String content = text(path, metadata, CONTENT_KEY);
    if (!Sha256.isDigest(content)) {
      throw malformed(path, CONTENT_KEY + " is no SHA-256");
    }
    ShardHeader header =
        new ShardHeader(
            text(path, metadata, VOLUME_KEY),
            new VolumeGeometry(grid, affine(path, text(path, metadata, AFFINE_KEY))),
            Boolean.parseBoolean(text(path, metadata, LABELLED_KEY)),
            content);
    if (!schema.getFields().equals(of(header).getFields())) {
      throw malformed(path, "its columns " + schema.getFields() + " do not fit its grid " + grid);
    }
    return header;
  }

  static MedVolException malformed(String path, String reason) {
    return malformed(path, reason, null);
  }

  static MedVolException malformed(String path, String reason, Throwable cause) {
    return new MedVolException(
        ErrorCode.MALFORMED_DATA,
        "Slice shard " + path + " cannot be used: " + reason + ". Prepare the volume again.",
        cause);
  }

  /** The file is not the one that was written, which no sample is to blame for. */
  static MedVolException damaged(String path, String reason) {
    return damaged(path, reason, null);
  }

  static MedVolException damaged(String path, String reason, Throwable cause) {
    return new MedVolException(
        ErrorCode.DAMAGED_DATA,
        "Slice shard "
            + path
            + " is damaged: "
            + reason
            + ". Restore the file, or prepare the data again.",
        cause);
  }

  private static String text(String path, Map<String, String> metadata, String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw malformed(path, "its metadata lacks " + key);
    }
    return value;
  }

  private static double number(String path, Map<String, String> metadata, String key) {
    return numbers(path, key, text(path, metadata, key), 1)[0];
  }

  private static double[] numbers(String path, String key, String text, int count) {
    String[] words = text.split(" ", count + 1);
    double[] values = new double[count];
    try {
      if (words.length == count) {
        for (int i = 0; i < count; i++) {
          values[i] = Double.parseDouble(words[i]);
          if (!Double.isFinite(values[i])) {
            throw malformed(path, key + " holds " + words[i]);
          }
        }
        return values;
      }
    } catch (NumberFormatException e) {
      throw malformed(path, key + " is '" + text + "', not numbers", e);
    }
    throw malformed(path, key + " is '" + text + "', not " + count + " numbers");
  }

  private static GridSize grid(String path, String text) {
    double[] sides = numbers(path, GRID_KEY, text, 3);
    double voxels = 1;
    for (double side : sides) {
      if (side != Math.rint(side) || side < 1 || side > MAX_SIDE) {
        throw malformed(path, GRID_KEY + " is '" + text + "'; sides are 1 to " + MAX_SIDE);
      }
      voxels *= side;
    }
    if (voxels > MAX_VOXELS) {
      throw malformed(path, GRID_KEY + " is '" + text + "', more than " + MAX_VOXELS + " voxels");
    }
    return new GridSize((int) sides[0], (int) sides[1], (int) sides[2]);
  }

  private static String affineText(Affine affine) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        text.append(text.length() == 0 ? "" : " ").append(affine.at(row, column));
      }
    }
    return text.toString();
  }

  private static Affine affine(String path, String text) {
    return Affine.ofRows(numbers(path, AFFINE_KEY, text, 12));
  }
}
