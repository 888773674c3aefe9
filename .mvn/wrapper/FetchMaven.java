import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Puts the Maven distribution named in {@code maven.properties} into a folder. Run from source by
 * {@code mvnw}, so that a JDK is all it needs: no curl, no unzip.
 */
public final class FetchMaven {
  private FetchMaven() {}

  public static void main(String[] args) throws Exception {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(Path.of(args[0]))) {
      properties.load(in);
    }
    Path target = Path.of(args[1]);
    String version = properties.getProperty("version");
    String repository =
        System.getenv().getOrDefault("MVNW_REPOURL", properties.getProperty("repository"));
    URI address =
        URI.create(
            repository
                + "/org/apache/maven/apache-maven/"
                + version
                + "/apache-maven-"
                + version
                + "-bin.zip");
    System.err.println("mvnw: fetching Maven " + version + " from " + address);
    Files.createDirectories(target.getParent());
    Path archive = Files.createTempFile(target.getParent(), "maven", ".zip");
    Path unpacked = Files.createTempDirectory(target.getParent(), "maven");
    try {
      HttpResponse<Path> response =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build()
              .send(
                  HttpRequest.newBuilder(address).build(),
                  HttpResponse.BodyHandlers.ofFile(archive));
      if (response.statusCode() != 200) {
        throw new IOException(address + " answered " + response.statusCode());
      }
      check(archive, properties.getProperty("sha512"));
      unpack(archive, unpacked);
      Files.move(unpacked.resolve("apache-maven-" + version), target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(archive);
      Files.deleteIfExists(unpacked);
    }
  }

  private static void check(Path archive, String expected) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-512");
    String actual = HexFormat.of().formatHex(digest.digest(Files.readAllBytes(archive)));
    if (!actual.equals(expected)) {
      throw new IOException("SHA-512 of the archive is " + actual + ", expected " + expected);
    }
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
        Path file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
          throw new IOException("Entry " + entry.getName() + " points outside the archive");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(zip, file);
        }
      }
    }
  }
}
