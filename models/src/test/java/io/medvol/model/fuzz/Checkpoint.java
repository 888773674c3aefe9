package io.medvol.model.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.testing.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A torch checkpoint as the entries of its archive, so that its pickle can be changed and the
 * archive stays sound.
 */
record Checkpoint(String name, Map<String, byte[]> entries) {
  /** Instructions of pickles, a byte each character. */
  static final List<String> WORDS =
      List.of(
          "\u0080\u0002",
          "\u0080\u0004\u0095\u00ff\u00ff\u00ff\u007f\u0000\u0000\u0000\u0000",
          "ctorch\nFloatStorage\n",
          "ctorch._utils\n_rebuild_tensor_v2\n",
          "ccollections\nOrderedDict\n",
          "cposix\nsystem\n",
          "\u008c\u0002os\u008c\u0006system\u0093",
          "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f",
          "\u008b\u00ff\u00ff\u00ff\u007f",
          "X\u00ff\u00ff\u00ff\u007f",
          "J\u00ff\u00ff\u00ff\u00ff",
          "q\u0000h\u0000",
          "\u0085",
          "\u0094",
          "]2a",
          "}2K\u0001s",
          "(",
          "t",
          "l",
          "u",
          "e",
          "R",
          "Q",
          "b",
          "0",
          "1",
          ".");

  private static final String PICKLE = "/data.pkl";
  private static final int DEPTH = 150;

  /** The sound ones of the golden set. */
  static List<Path> golden() {
    Path folder = Golden.find("checkpoints").orElseThrow();
    JsonNode files = Golden.json(folder.resolve("expected.json")).get("files");
    List<Path> sound = new ArrayList<>();
    files
        .fields()
        .forEachRemaining(
            file -> {
              if (file.getValue().get("error").isNull()) {
                sound.add(folder.resolve(file.getKey()));
              }
            });
    return sound;
  }

  static Checkpoint read(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        try (InputStream in = zip.getInputStream(entry)) {
          entries.put(entry.getName(), in.readAllBytes());
        }
      }
    }
    return new Checkpoint(file.getFileName().toString(), entries);
  }

  /**
   * A tensor under {@code model}, and beside it what an optimizer's state may hold: values of every
   * kind, many levels deep, some of them remembered and referred to again.
   */
  static Checkpoint deep() {
    Pickle pickle = new Pickle();
    pickle.add("\u0080\u0002}q\u0000(").text("model").add("}(").text("w");
    pickle.add("ctorch._utils\n_rebuild_tensor_v2\n((").text("storage");
    pickle.add("ctorch\nFloatStorage\n").text("0").text("cpu").add("K\u0006tQ");
    pickle.add("K\u0001K\u0001K\u0002\u0086K\u0002K\u0001\u0086\u0089");
    pickle.add("ccollections\nOrderedDict\n)RtRu").text("state");
    for (int level = 0; level < DEPTH; level++) {
      pickle.add(isList(level) ? "]" : "}").add("q" + (char) level);
      if (!isList(level)) {
        pickle.text("level " + level);
      }
    }
    pickle.add("(K\u0001M\u0001\u0001J\u0001\u0000\u0000\u0080\u008a\u0003\u0001\u0002\u0083");
    pickle.add("G\u003f\u00f0\u0000\u0000\u0000\u0000\u0000\u0000\u0088\u0089N)");
    pickle.add("\u0085h\u0000\u0086h\u0003N\u0087U\u0002ab\u008c\u0002\u00c3\u00a4");
    pickle.add("C\u0001xB\u0002\u0000\u0000\u0000xy(K\u0001K\u0002l(K\u0001K\u0002d");
    pickle.add("N20](K\u0001K\u0002e(K\u00011(K\u0001tt");
    for (int level = DEPTH - 1; level >= 0; level--) {
      pickle.add(isList(level) ? "a" : "s");
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("deep" + PICKLE, pickle.add("u.").bytes());
    entries.put("deep/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    entries.put("deep/data/0", new byte[6 * Float.BYTES]);
    return new Checkpoint("deep.pt", entries);
  }

  private static boolean isList(int level) {
    return level % 2 == 0;
  }

  byte[] pickle() {
    return entries.get(pickleName());
  }

  private String pickleName() {
    return entries.keySet().stream().filter(one -> one.endsWith(PICKLE)).findFirst().orElseThrow();
  }

  byte[] archive() throws IOException {
    return with(pickle());
  }

  /** The archive with another pickle. */
  byte[] with(byte[] pickle) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        put(zip, entry.getKey(), entry.getKey().equals(pickleName()) ? pickle : entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] data) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(data.length);
    CRC32 crc = new CRC32();
    crc.update(data);
    entry.setCrc(crc.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(data);
    zip.closeEntry();
  }

  /** Collects the bytes of a pickle. */
  private static final class Pickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickle add(String instructions) {
      out.writeBytes(instructions.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    Pickle text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.write('X');
      out.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array());
      out.writeBytes(bytes);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
