package io.medvol.spark.report;

import io.medvol.model.policy.RgbImage;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.rollout.prompt.OpenVolume;
import io.medvol.rollout.prompt.WindowedSlices;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/** One slice in the soft-tissue window with boxes drawn over it, as SVG with the pixels inside. */
final class SliceFigure {
  /** Boxes of one kind; the class names its colour in the page's style. */
  record Boxes(String styleClass, List<EdgeBox> boxes) {}

  private SliceFigure() {}

  static String svg(OpenVolume volume, int slice, List<Boxes> overlays) throws IOException {
    int rows = volume.size().rows();
    int columns = volume.size().columns();
    RgbImage image = WindowedSlices.softTissue().render(volume.slice(slice), rows, columns);
    StringBuilder svg = new StringBuilder();
    svg.append(
        Html.format(
            "<svg viewBox=\"0 0 %d %d\" class=\"slice\"><image width=\"%d\" height=\"%d\""
                + " href=\"data:image/png;base64,%s\"/>",
            columns, rows, columns, rows, Base64.getEncoder().encodeToString(png(image))));
    for (Boxes overlay : overlays) {
      for (EdgeBox box : overlay.boxes()) {
        svg.append(
            Html.format(
                "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" class=\"%s\"/>",
                box.x1(),
                box.y1(),
                box.x2() - box.x1(),
                box.y2() - box.y1(),
                overlay.styleClass()));
      }
    }
    return svg.append("</svg>").toString();
  }

  private static byte[] png(RgbImage image) throws IOException {
    BufferedImage pixels =
        new BufferedImage(image.columns(), image.rows(), BufferedImage.TYPE_INT_RGB);
    byte[] rgb = image.rgb();
    for (int row = 0; row < image.rows(); row++) {
      for (int column = 0; column < image.columns(); column++) {
        int at = 3 * (row * image.columns() + column);
        pixels.setRGB(
            column, row, (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(pixels, "png", bytes);
    return bytes.toByteArray();
  }
}
