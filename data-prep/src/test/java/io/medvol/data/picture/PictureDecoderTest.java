package io.medvol.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureDecoderTest {
  @Test
  void greysAndColoursArriveAsTheyWereStored() throws IOException {
    BufferedImage grey = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(2, 1, 0, 77);
    Picture found = PictureDecoder.decode("grey.png", file(grey, "png"));
    assertThat(found.channels()).isEqualTo(1);
    assertThat(found.sample(1, 2, 0)).isEqualTo(77);

    BufferedImage colour = new BufferedImage(2, 3, BufferedImage.TYPE_INT_RGB);
    colour.setRGB(1, 2, new Color(10, 20, 30).getRGB());
    found = PictureDecoder.decode("colour.png", file(colour, "png"));
    assertThat(new int[] {found.rows(), found.columns(), found.channels()})
        .containsExactly(3, 2, 3);
    assertThat(Arrays.copyOfRange(found.rgb(), 15, 18)).containsExactly(10, 20, 30);
  }

  @Test
  void sixteenBitsKeepTheUpperEightAndPalettesAreLookedUp() throws IOException {
    BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 0xABCD);
    assertThat(PictureDecoder.decode("deep.png", file(deep, "png")).sample(0, 0, 0))
        .isEqualTo(0xAB);
    byte[] ramp = {0, (byte) 200};
    BufferedImage palette =
        new BufferedImage(
            1,
            1,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, 2, ramp, new byte[2], new byte[2]));
    palette.getRaster().setSample(0, 0, 0, 1);
    assertThat(PictureDecoder.decode("palette.png", file(palette, "png")).sample(0, 0, 0))
        .isEqualTo(200);
  }

  @Test
  void pictureSurvivesTheWayThroughAVolume() {
    Picture picture = new Picture(1, 2, 3, new byte[] {1, 2, 3, (byte) 254, 5, 6});
    short[][] channels = new short[3][];
    for (int c = 0; c < 3; c++) {
      channels[c] = picture.toVolume().slice(c);
    }
    assertThat(Picture.ofChannels(1, 2, channels).rgb()).isEqualTo(picture.rgb());
    assertThatThrownBy(() -> Picture.ofChannels(1, 1, new short[] {300}))
        .hasMessageContaining("300 is no grey level");
  }

  @Test
  void hugeDeclaredSizeIsRefusedBeforeMemoryIsTaken() throws IOException {
    byte[] png = file(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png");
    for (int[] size : new int[][] {{1 << 30, 1 << 30}, {1 << 14, 1 << 14}, {1 << 15, 1}}) {
      ByteBuffer header = ByteBuffer.wrap(png);
      header.putInt(16, size[0]).putInt(20, size[1]);
      CRC32 crc = new CRC32();
      crc.update(png, 12, 17);
      header.putInt(29, (int) crc.getValue());
      assertThatThrownBy(() -> PictureDecoder.decode("bomb.png", png))
          .isInstanceOf(MalformedPictureException.class)
          .hasMessageStartingWith("bomb.png: it declares " + size[0] + " x " + size[1]);
    }
  }

  @Test
  void otherFilesAreRefusedByName() {
    for (byte[] content : new byte[][] {{}, {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0}}) {
      assertThatThrownBy(() -> PictureDecoder.decode("other.gif", content))
          .isInstanceOf(MalformedPictureException.class)
          .hasMessageContaining("neither a PNG nor a JPEG");
    }
  }

  @Test
  void damagedFilesGiveAPictureOrOneTypedError() throws IOException {
    BufferedImage image = new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB);
    image.setRGB(4, 4, 0xFF8040);
    SplittableRandom random = new SplittableRandom(5);
    for (String format : new String[] {"png", "jpeg"}) {
      byte[] whole = file(image, format);
      for (int i = 0; i < 300; i++) {
        byte[] bytes = Arrays.copyOf(whole, i < 50 ? random.nextInt(whole.length) : whole.length);
        for (int flip = 0; flip < 4 && bytes.length > 0; flip++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try {
          assertThat(PictureDecoder.decode("x", bytes).rows()).isPositive();
        } catch (MalformedPictureException e) {
          assertThat(e).hasMessageStartingWith("x: ");
        }
      }
    }
  }

  private static byte[] file(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }
}
