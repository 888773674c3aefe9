package io.medvol.data.picture;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG and JPEG files. Sizes are read and bounded before any pixel is; text and colour
 * profiles, in which a small file can hide a large one, are not unpacked. Transparency is left out,
 * 16-bit samples keep their upper 8 bits. Stateless and thread-safe.
 */
public final class PictureDecoder {
  /** The longest file. */
  public static final int MAX_BYTES = 64 << 20;

  /** The longest side in pixels. */
  public static final int MAX_SIDE = 1 << 14;

  /** The most pixels: 4096 x 4096, above every picture of OmniMedVQA. */
  public static final int MAX_PIXELS = 1 << 24;

  private static final Set<String> FORMATS = Set.of("png", "jpeg");

  private PictureDecoder() {}

  /**
   * @param source name of the file, for messages
   * @throws MalformedPictureException if it is no PNG or JPEG file, too large or damaged
   */
  public static Picture decode(String source, byte[] file) {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      ImageReader reader = reader(source, in);
      try {
        reader.setInput(in, true, true);
        int columns = reader.getWidth(0);
        int rows = reader.getHeight(0);
        if (rows < 1
            || columns < 1
            || rows > MAX_SIDE
            || columns > MAX_SIDE
            || (long) rows * columns > MAX_PIXELS) {
          throw malformed(
              source,
              "it declares %d x %d pixels; a picture has sides up to %d and up to %d pixels"
                  .formatted(columns, rows, MAX_SIDE, MAX_PIXELS),
              null);
        }
        return picture(source, reader.read(0)).compact();
      } finally {
        reader.dispose();
      }
    } catch (MalformedPictureException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The decoders of the JDK meet damaged files with unchecked exceptions of many kinds.
      throw malformed(source, "it cannot be decoded (" + firstLine(e) + ")", e);
    }
  }

  private static ImageReader reader(String source, ImageInputStream in) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
        return reader;
      }
      reader.dispose();
    }
    throw malformed(source, "it is neither a PNG nor a JPEG file", null);
  }

  private static Picture picture(String source, BufferedImage image) {
    int rows = image.getHeight();
    int columns = image.getWidth();
    ColorModel colours = image.getColorModel();
    if (!(colours instanceof IndexColorModel) && colours.getNumColorComponents() == 1) {
      // getRGB would take these greys for linear light and brighten them.
      return grey(source, image.getRaster());
    }
    byte[] samples = new byte[rows * columns * Picture.COLOURS];
    int[] line = new int[columns];
    for (int row = 0; row < rows; row++) {
      image.getRGB(0, row, columns, 1, line, 0, columns);
      for (int column = 0; column < columns; column++) {
        int at = (row * columns + column) * Picture.COLOURS;
        samples[at] = (byte) (line[column] >> 16);
        samples[at + 1] = (byte) (line[column] >> 8);
        samples[at + 2] = (byte) line[column];
      }
    }
    return new Picture(rows, columns, Picture.COLOURS, samples);
  }

  private static Picture grey(String source, Raster raster) {
    int shift =
        switch (raster.getDataBuffer().getDataType()) {
          case DataBuffer.TYPE_BYTE -> 0;
          case DataBuffer.TYPE_USHORT -> 8;
          default -> throw malformed(source, "its greys are of an unknown depth", null);
        };
    int rows = raster.getHeight();
    int columns = raster.getWidth();
    byte[] samples = new byte[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        samples[row * columns + column] =
            (byte)
                (raster.getSample(raster.getMinX() + column, raster.getMinY() + row, 0) >> shift);
      }
    }
    return new Picture(rows, columns, 1, samples);
  }

  private static String firstLine(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse("no detail");
  }

  private static MalformedPictureException malformed(
      String source, String reason, Throwable cause) {
    return new MalformedPictureException(source, reason, cause);
  }
}
