package io.medvol.data.nifti;

import io.medvol.data.nifti.NiftiHeader.AffineSource;
import io.medvol.data.volume.Affine;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.MalformedVolumeException;
import io.medvol.data.volume.MalformedVolumeException.Kind;
import io.medvol.data.volume.VolumeGeometry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads and checks the fields of a NIfTI-1 or NIfTI-2 header. */
final class NiftiHeaderParser {
  static final int NIFTI1_BYTES = 348;
  static final int NIFTI2_BYTES = 540;

  /** After the header stand four bytes that say whether extensions follow. */
  private static final int EXTENSION_FLAG_BYTES = 4;

  private static final long MAX_VOXEL_OFFSET = 1L << 30;

  private final String name;
  private final ByteBuffer bytes;
  private final boolean second;

  private NiftiHeaderParser(String name, ByteBuffer bytes, boolean second) {
    this.name = name;
    this.bytes = bytes;
    this.second = second;
  }

  /**
   * Length of the header, from its first four bytes.
   *
   * @throws MalformedVolumeException if they are those of no NIfTI file
   */
  static int headerBytes(String name, byte[] start) {
    int little = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt();
    for (int size : new int[] {NIFTI1_BYTES, NIFTI2_BYTES}) {
      if (little == size || Integer.reverseBytes(little) == size) {
        return size;
      }
    }
    throw new MalformedVolumeException(
        Kind.FORMAT,
        name,
        "this is no NIfTI file: its header length is "
            + little
            + ", not 348 (NIfTI-1) or 540 (NIfTI-2) in either byte order");
  }

  static NiftiHeader parse(String name, byte[] header) {
    boolean second = header.length == NIFTI2_BYTES;
    ByteBuffer bytes = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getInt(0) != header.length) {
      bytes.order(ByteOrder.BIG_ENDIAN);
    }
    return new NiftiHeaderParser(name, bytes, second).parse();
  }

  private NiftiHeader parse() {
    requireMagic();
    List<Long> dim = dim();
    int rank = (int) (long) dim.get(0);
    NiftiType type = type();
    GridSize size = size(dim, rank);
    NiftiAffine affines = new NiftiAffine(name);
    int qform = second ? bytes.getInt(344) : bytes.getShort(252);
    int sform = second ? bytes.getInt(348) : bytes.getShort(254);
    AffineSource source =
        sform > 0 ? AffineSource.SFORM : qform > 0 ? AffineSource.QFORM : AffineSource.NONE;
    double[] pixdim = second ? doubles(104, 8) : floats(76, 8);
    Affine affine =
        switch (source) {
          case SFORM -> affines.sform(second ? doubles(400, 12) : floats(280, 12));
          case QFORM ->
              affines.qform(
                  pixdim[0],
                  affines.spacing(pixdim, rank),
                  second ? doubles(352, 3) : floats(256, 3),
                  second ? doubles(376, 3) : floats(268, 3));
          case NONE -> affines.withoutForm(size, affines.spacing(pixdim, rank));
        };
    double slope = second ? bytes.getDouble(176) : bytes.getFloat(112);
    double intercept = second ? bytes.getDouble(184) : bytes.getFloat(116);
    boolean scaled = slope != 0 && !Double.isNaN(slope);
    if (scaled && !(Double.isFinite(slope) && Double.isFinite(intercept))) {
      throw malformed(
          Kind.HEADER, "its scaling is no number: slope " + slope + ", intercept " + intercept);
    }
    return new NiftiHeader(
        bytes.capacity(),
        bytes.order() == ByteOrder.BIG_ENDIAN,
        dim,
        type,
        scaled ? slope : 1,
        scaled ? intercept : 0,
        qform,
        sform,
        voxelOffset(),
        new VolumeGeometry(size, affine),
        source);
  }

  private void requireMagic() {
    byte[] magic = new byte[second ? 8 : 4];
    bytes.get(second ? 4 : 344, magic);
    String text = new String(magic, 0, 4, StandardCharsets.ISO_8859_1);
    String single = second ? "n+2\0" : "n+1\0";
    String pair = second ? "ni2\0" : "ni1\0";
    if (text.equals(pair)) {
      throw malformed(
          Kind.UNSUPPORTED,
          "its voxels are in a separate .img file; convert the pair to a single .nii file");
    }
    if (!text.equals(single)) {
      throw malformed(
          Kind.FORMAT,
          "this is no NIfTI file: its magic is " + printable(magic) + ", not " + single.trim());
    }
  }

  private List<Long> dim() {
    List<Long> dim = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      dim.add(second ? bytes.getLong(16 + 8 * i) : (long) bytes.getShort(40 + 2 * i));
    }
    return dim;
  }

  private NiftiType type() {
    int code = bytes.getShort(second ? 12 : 70);
    int bits = bytes.getShort(second ? 14 : 72);
    NiftiType type =
        NiftiType.ofCode(code)
            .orElseThrow(
                () ->
                    malformed(
                        Kind.UNSUPPORTED,
                        "its voxel type "
                            + code
                            + " is none of the integer and floating-point types that are read"));
    if (bits != 8 * type.bytes()) {
      throw malformed(
          Kind.HEADER, "it states " + bits + " bits for a voxel of type " + type.name());
    }
    return type;
  }

  private GridSize size(List<Long> dim, int rank) {
    if (dim.get(0) < 1 || dim.get(0) > 7) {
      throw malformed(Kind.HEADER, "it has " + dim.get(0) + " axes, not 1 to 7");
    }
    long voxels = 1;
    for (int axis = 1; axis <= rank; axis++) {
      long length = dim.get(axis);
      if (length < 1) {
        throw malformed(Kind.HEADER, "its axis " + (axis - 1) + " has the length " + length);
      }
      if (Math.multiplyHigh(voxels, length) != 0 || voxels * length < 0) {
        throw malformed(Kind.HEADER, "its axes " + dim + " hold more voxels than can be counted");
      }
      voxels *= length;
    }
    for (int axis = 4; axis <= rank; axis++) {
      if (dim.get(axis) != 1) {
        throw malformed(
            Kind.UNSUPPORTED,
            "its axis "
                + (axis - 1)
                + " has the length "
                + dim.get(axis)
                + ": only single 3-D volumes are read, split it first");
      }
    }
    if (voxels > Integer.MAX_VALUE) {
      throw malformed(
          Kind.HEADER, "it declares " + voxels + " voxels, more than 2^31 - 1 in a volume");
    }
    return new GridSize(
        rank < 3 ? 1 : Math.toIntExact(dim.get(3)),
        rank < 2 ? 1 : Math.toIntExact(dim.get(2)),
        Math.toIntExact(dim.get(1)));
  }

  private long voxelOffset() {
    long least = (long) bytes.capacity() + EXTENSION_FLAG_BYTES;
    double stated = second ? bytes.getLong(168) : bytes.getFloat(108);
    if (stated == 0) {
      return least;
    }
    if (!(stated >= least && stated <= MAX_VOXEL_OFFSET) || stated != Math.rint(stated)) {
      throw malformed(
          Kind.HEADER,
          "its voxels begin at byte "
              + stated
              + ", not at a whole number in "
              + least
              + ".."
              + MAX_VOXEL_OFFSET);
    }
    return (long) stated;
  }

  private double[] floats(int offset, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = bytes.getFloat(offset + Float.BYTES * i);
    }
    return values;
  }

  private double[] doubles(int offset, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = bytes.getDouble(offset + Double.BYTES * i);
    }
    return values;
  }

  private static String printable(byte[] magic) {
    StringBuilder text = new StringBuilder();
    for (byte b : magic) {
      text.append(b >= ' ' && b < 127 ? String.valueOf((char) b) : String.format("\\x%02x", b));
    }
    return "'" + text + "'";
  }

  private MalformedVolumeException malformed(Kind kind, String sentence) {
    return new MalformedVolumeException(kind, name, sentence);
  }
}
