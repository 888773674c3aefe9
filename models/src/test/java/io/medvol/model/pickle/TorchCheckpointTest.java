package io.medvol.model.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.pickle.CheckpointException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints assembled by hand, most of them hostile. */
class TorchCheckpointTest {
  @TempDir Path folder;

  @Test
  void describesATensorAndReadsItsStorage() throws IOException {
    Path file = checkpoint(pickle(tensor(0, 2, 1, 2), 2), new byte[] {0, 0, 0, 0, 0, 0, -128, 63});
    try (TorchCheckpoint checkpoint = TorchCheckpoint.open(file)) {
      PickledTensor tensor = checkpoint.tensors().get("w");
      assertThat(tensor.shape()).containsExactly(1L, 2L);
      ByteBuffer bytes = ByteBuffer.allocate((int) checkpoint.storageBytes(tensor));
      checkpoint.readStorage(tensor, bytes);
      assertThat(bytes.array()).containsExactly(0, 0, 0, 0, 0, 0, -128, 63);
    }
  }

  @Test
  void aViewBeyondItsStorageIsRefused() throws IOException {
    Path file = checkpoint(pickle(tensor(1, 2, 1, 2), 2), new byte[8]);
    assertRefused(file, Kind.CORRUPT, "reaches element 2 of a storage of 2 elements");
  }

  @Test
  void aViewThatRepeatsAnElementWithoutBoundIsRefused() throws IOException {
    // [2^30, 1] with strides [0, 1] over two elements would take 4 GiB.
    ByteArrayOutputStream view = new ByteArrayOutputStream();
    view.writeBytes(new byte[] {'K', 0, 'J', 0, 0, 0, 0x40, 'K', 1, (byte) 0x86});
    view.writeBytes(new byte[] {'K', 0, 'K', 1, (byte) 0x86});
    Path file = checkpoint(pickle(view.toByteArray(), 2), new byte[8]);
    assertRefused(file, Kind.CORRUPT, "far more than it holds");
  }

  @Test
  void aStorageOfAnotherLengthIsRefusedBeforeRoomIsMadeForIt() throws IOException {
    Path file = checkpoint(pickle(tensor(0, 2, 1, 2), 2), new byte[4]);
    assertRefused(file, Kind.CORRUPT, "storage 0 as 2 plain values of 4 bytes");
    Path lying = checkpoint(pickle(tensor(0, 2, 1, 2), 200), new byte[8]);
    assertRefused(lying, Kind.CORRUPT, "storage 0 as 200 plain values of 4 bytes");
  }

  @Test
  void namesOutsideTheAllowedOnesAreRefusedInEitherSpelling() throws IOException {
    Path global = checkpoint("\u0080\u0002cposix\nsystem\n.", new byte[0]);
    assertRefused(global, Kind.FORBIDDEN, "posix.system");
    String stacked = "\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093.";
    assertRefused(checkpoint(stacked, new byte[0]), Kind.FORBIDDEN, "os.system");
  }

  @Test
  void brokenPicklesAreRefusedWithASentence() throws IOException {
    for (String pickle :
        List.of(
            "\u0080\u0002",
            "\u0080\u0002.",
            "\u0080\u0002X\u00ff\u00ff\u00ff\u007fab.",
            "\u0080\u0002h\u0001.",
            "\u0080\u0002t.",
            "\u0080\u0002}}K\u0001s.",
            "\u0080\u0002(.",
            "\u0080\u0002]K\u0001R.",
            "\u0080\u0002K\u0001Q.",
            "\u0080\u0002\u008b\u00ff\u00ff\u00ff\u00ff.",
            "\u0080\u0002\u00fe.",
            "\u0080\u0001N.",
            "\u0080\u0002]q\u0000h\u0000a.")) {
      Path file = checkpoint(pickle, new byte[0]);
      assertThatThrownBy(() -> TorchCheckpoint.open(file).close())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(file.getFileName().toString());
    }
  }

  @Test
  void damagedPicklesNeverEndInAnythingButARefusal() throws IOException {
    byte[] sound = pickle(tensor(0, 2, 1, 2), 2);
    Random random = new Random(5);
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = sound.clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        Unpickler.read(damaged);
      } catch (PickleException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void anAbsentFileIsTheUsersToPutRight() {
    Path absent = folder.resolve("absent.pt");
    assertThatThrownBy(() -> TorchCheckpoint.open(absent).close())
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("absent.pt");
  }

  private static void assertRefused(Path file, Kind kind, String words) {
    assertThatThrownBy(() -> TorchCheckpoint.open(file).close())
        .isInstanceOfSatisfying(
            CheckpointException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(words);
  }

  /** Instructions for offset, shape (rows, columns) and strides (columns, 1). */
  private static byte[] tensor(int offset, int columns, int rows, int stride) {
    byte two = (byte) 0x86;
    return new byte[] {
      'K',
      (byte) offset,
      'K',
      (byte) rows,
      'K',
      (byte) columns,
      two,
      'K',
      (byte) stride,
      'K',
      1,
      two
    };
  }

  /** A pickle of {@code {'w': tensor}} over storage 0 of float32. */
  private static byte[] pickle(byte[] view, int elements) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(latin("\u0080\u0002}U\u0001wctorch._utils\n_rebuild_tensor_v2\n("));
    out.writeBytes(latin("(U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuK"));
    out.write(elements);
    out.writeBytes(latin("tQ"));
    out.writeBytes(view);
    out.writeBytes(latin("\u0089}tRs."));
    return out.toByteArray();
  }

  private Path checkpoint(String pickle, byte[] storage) throws IOException {
    return checkpoint(latin(pickle), storage);
  }

  private Path checkpoint(byte[] pickle, byte[] storage) throws IOException {
    Path file = Files.createTempFile(folder, "made", ".pt");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      put(zip, "made/data.pkl", pickle);
      put(zip, "made/byteorder", latin("little"));
      put(zip, "made/data/0", storage);
    }
    return file;
  }

  private static void put(ZipOutputStream zip, String name, byte[] data) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(data.length);
    CRC32 crc = new CRC32();
    crc.update(data);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(data);
    zip.closeEntry();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
