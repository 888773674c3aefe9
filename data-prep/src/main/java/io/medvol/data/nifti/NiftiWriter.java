package io.medvol.data.nifti;

import io.medvol.data.volume.Affine;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.VolumeGeometry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes a volume as gzipped NIfTI-1 ({@code .nii.gz}), its axes as given: columns fastest. The
 * affine goes into the sform and, where its axes are at right angles, into the qform. Equal input
 * gives equal bytes: no time and no file name is stored.
 */
public final class NiftiWriter {
  private static final int VOXEL_OFFSET = NiftiHeaderParser.NIFTI1_BYTES + 4;
  private static final byte UNITS_MILLIMETRE = 2;
  private static final short SCANNER = 1;

  /** Cosine of the angle between two axes above which a quaternion cannot hold them. */
  private static final double RIGHT_ANGLE = 1e-5;

  private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private NiftiWriter() {}

  /**
   * Writes 16-bit values {@code [slice][row][column]} and leaves the stream open.
   *
   * @throws IllegalArgumentException if the values do not fill the grid or an axis is too long
   */
  public static void writeInt16(OutputStream out, VolumeGeometry geometry, short[] values)
      throws IOException {
    requireFilled(geometry, values.length);
    int pixels = geometry.size().pixelsPerSlice();
    ByteBuffer slice = ByteBuffer.allocate(2 * pixels).order(ByteOrder.LITTLE_ENDIAN);
    try (Member member = new Member(out)) {
      member.write(header(geometry, NiftiType.INT16));
      for (int from = 0; from < values.length; from += pixels) {
        slice.asShortBuffer().put(values, from, pixels);
        member.write(slice.array());
      }
    }
  }

  /**
   * Writes unsigned 8-bit values {@code [slice][row][column]} and leaves the stream open.
   *
   * @throws IllegalArgumentException if the values do not fill the grid or an axis is too long
   */
  public static void writeUint8(OutputStream out, VolumeGeometry geometry, byte[] values)
      throws IOException {
    requireFilled(geometry, values.length);
    try (Member member = new Member(out)) {
      member.write(header(geometry, NiftiType.UINT8));
      member.write(values);
    }
  }

  private static void requireFilled(VolumeGeometry geometry, int values) {
    GridSize size = geometry.size();
    if (values != size.voxels()) {
      throw new IllegalArgumentException(values + " values do not fill a grid of " + size);
    }
    if (Math.max(size.slices(), Math.max(size.rows(), size.columns())) > Short.MAX_VALUE) {
      throw new IllegalArgumentException("NIfTI-1 holds axes of up to 32767 voxels, not " + size);
    }
  }

  private static byte[] header(VolumeGeometry geometry, NiftiType type) {
    GridSize size = geometry.size();
    Affine affine = geometry.affine();
    ByteBuffer header = ByteBuffer.allocate(VOXEL_OFFSET).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0, NiftiHeaderParser.NIFTI1_BYTES);
    int[] dim = {3, size.columns(), size.rows(), size.slices(), 1, 1, 1, 1};
    for (int i = 0; i < dim.length; i++) {
      header.putShort(40 + 2 * i, (short) dim[i]);
      header.putFloat(76 + 4 * i, 1);
    }
    header.putShort(70, (short) type.code());
    header.putShort(72, (short) (8 * type.bytes()));
    for (int axis = 0; axis < 3; axis++) {
      header.putFloat(80 + 4 * axis, (float) affine.spacing(axis));
    }
    header.putFloat(108, VOXEL_OFFSET);
    header.putFloat(112, 1);
    header.put(123, UNITS_MILLIMETRE);
    header.putShort(254, SCANNER);
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        header.putFloat(280 + 16 * row + 4 * column, (float) affine.at(row, column));
      }
    }
    putQform(header, affine);
    header.put(344, "n+1\0".getBytes(StandardCharsets.ISO_8859_1));
    return header.array();
  }

  private static void putQform(ByteBuffer header, Affine affine) {
    double[][] r = new double[3][3];
    double sign = affine.determinant() < 0 ? -1 : 1;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        r[i][j] = affine.at(i, j) / affine.spacing(j) * (j == 2 ? sign : 1);
      }
    }
    for (int j = 0; j < 3; j++) {
      int k = (j + 1) % 3;
      if (Math.abs(r[0][j] * r[0][k] + r[1][j] * r[1][k] + r[2][j] * r[2][k]) > RIGHT_ANGLE) {
        return;
      }
    }
    double[] quaternion = quaternion(r);
    header.putShort(252, SCANNER);
    header.putFloat(76, (float) sign);
    for (int i = 0; i < 3; i++) {
      header.putFloat(256 + 4 * i, (float) quaternion[i + 1]);
      header.putFloat(268 + 4 * i, (float) affine.at(i, 3));
    }
  }

  /** Unit quaternion (a ≥ 0, b, c, d) of a rotation, from its largest component. */
  private static double[] quaternion(double[][] r) {
    double[] squares = {
      1 + r[0][0] + r[1][1] + r[2][2],
      1 + r[0][0] - r[1][1] - r[2][2],
      1 - r[0][0] + r[1][1] - r[2][2],
      1 - r[0][0] - r[1][1] + r[2][2]
    };
    int largest = 0;
    for (int i = 1; i < 4; i++) {
      if (squares[i] > squares[largest]) {
        largest = i;
      }
    }
    // Row i: products 4·q_i·q_j, of which the diagonal is in the squares.
    double[][] products = {
      {squares[0], r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]},
      {r[2][1] - r[1][2], squares[1], r[0][1] + r[1][0], r[0][2] + r[2][0]},
      {r[0][2] - r[2][0], r[0][1] + r[1][0], squares[2], r[1][2] + r[2][1]},
      {r[1][0] - r[0][1], r[0][2] + r[2][0], r[1][2] + r[2][1], squares[3]}
    };
    double[] q = products[largest];
    double scale = 1 / (2 * Math.sqrt(squares[largest])) * (q[0] < 0 ? -1 : 1);
    for (int i = 0; i < 4; i++) {
      q[i] *= scale;
    }
    return q;
  }

  /** One gzip member around a stream that stays open; the JDK's writes a version-bound header. */
  private static final class Member implements AutoCloseable {
    private final OutputStream out;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final CRC32 crc = new CRC32();
    private final DeflaterOutputStream deflated;
    private final OutputStream content;

    Member(OutputStream out) throws IOException {
      this.out = out;
      out.write(GZIP_HEADER);
      deflated = new DeflaterOutputStream(out, deflater, 1 << 16);
      content = new CheckedOutputStream(deflated, crc);
    }

    void write(byte[] bytes) throws IOException {
      content.write(bytes, 0, bytes.length);
    }

    @Override
    public void close() throws IOException {
      try {
        deflated.finish();
        ByteBuffer trailer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        trailer.putInt((int) crc.getValue()).putInt((int) deflater.getBytesRead());
        out.write(trailer.array());
        out.flush();
      } finally {
        deflater.end();
      }
    }
  }
}
