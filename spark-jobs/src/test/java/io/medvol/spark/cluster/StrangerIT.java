package io.medvol.spark.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Another process of this machine asks a session for a block, in the frames Spark speaks. */
@EnabledIfSystemProperty(named = ClusterBuild.JAR, matches = ".+")
class StrangerIT {
  private static final Pattern PORTS = Pattern.compile("PORTS (\\d+) (\\d+) (\\S+)");
  private static final int MILLIS = 20_000;

  @TempDir private Path folder;

  @Test
  void nobodyReadsABlockWithoutTheSecret() throws Exception {
    try (Held held = Held.start(folder.resolve("log"), "local[1]")) {
      assertThat(Stranger.read(held.blockPort, held.block)).isEmpty();
      assertThat(Stranger.read(held.rpcPort, held.block)).isEmpty();
      for (InetAddress address : otherAddresses()) {
        assertThat(listens(address, held.blockPort)).as(address.toString()).isFalse();
        assertThat(listens(address, held.rpcPort)).as(address.toString()).isFalse();
      }
    }
  }

  /** So that the block is there to be read, and this client able to. */
  @Test
  void aSessionThatGivesUpAuthenticationIsRead() throws Exception {
    try (Held held = Held.start(folder.resolve("log"), "local[1]", "spark.authenticate=false")) {
      assertThat(Stranger.read(held.blockPort, held.block))
          .hasValueSatisfying(b -> assertThat(b).isGreaterThan(1000));
    }
  }

  @Test
  void aLocalClusterKeepsItsSecretToItself() throws Exception {
    ClusterBuild.sparkHome();
    Path events = Files.createDirectories(folder.resolve("events"));
    try (Held held =
        Held.start(
            folder.resolve("log"),
            "local-cluster[1,1,1024]",
            "spark.executor.extraClassPath=" + System.getProperty(ClusterBuild.JAR),
            "spark.logConf=true",
            "spark.eventLog.enabled=true",
            "spark.eventLog.compress=false",
            "spark.eventLog.dir=" + events.toUri())) {
      assertThat(Stranger.read(held.blockPort, held.block)).isEmpty();
      assertThat(Stranger.read(held.rpcPort, held.block)).isEmpty();
      String secret = secretOfAnExecutor(held.process);
      assertThat(secret).hasSizeGreaterThanOrEqualTo(64);
      assertThat(commandLines(held.process)).noneMatch(line -> line.contains(secret));
      assertThat(Files.readString(folder.resolve("log"))).doesNotContain(secret);
      try (var files = Files.walk(events)) {
        List<Path> written =
            files
                .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".crc"))
                .toList();
        assertThat(written).isNotEmpty();
        for (Path file : written) {
          assertThat(Files.readString(file, ISO_8859_1)).doesNotContain(secret);
        }
        assertThat(written).anyMatch(file -> names(file, "spark.authenticate"));
      }
    }
  }

  private static boolean names(Path file, String property) {
    return ForkedJvm.text(file).contains(property);
  }

  /** Executors get it in their environment, which only the same user can read. */
  private static String secretOfAnExecutor(Process process) throws IOException {
    for (ProcessHandle child : process.descendants().toList()) {
      String all = Files.readString(Path.of("/proc", Long.toString(child.pid()), "environ"));
      for (String variable : all.split("\0")) {
        if (variable.startsWith("_SPARK_AUTH_SECRET=")) {
          return variable.substring(variable.indexOf('=') + 1);
        }
      }
    }
    throw new AssertionError("No executor has a secret");
  }

  private static List<String> commandLines(Process process) throws IOException {
    List<String> lines = new ArrayList<>();
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    for (ProcessHandle one : all) {
      lines.add(Files.readString(Path.of("/proc", Long.toString(one.pid()), "cmdline")));
    }
    return lines;
  }

  private static List<InetAddress> otherAddresses() throws IOException {
    return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
        .flatMap(one -> Collections.list(one.getInetAddresses()).stream())
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .toList();
  }

  private static boolean listens(InetAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A session in a process of its own. */
  private static final class Held implements AutoCloseable {
    private final Process process;
    private final int blockPort;
    private final int rpcPort;
    private final String block;

    private Held(Process process, Matcher ports) {
      this.process = process;
      this.blockPort = Integer.parseInt(ports.group(1));
      this.rpcPort = Integer.parseInt(ports.group(2));
      this.block = ports.group(3);
    }

    static Held start(Path log, String... arguments) throws Exception {
      Process process = ForkedJvm.start(HeldSession.class, log, List.of(arguments));
      ForkedJvm.await(() -> PORTS.matcher(ForkedJvm.text(log)).find(), process::isAlive);
      Matcher ports = PORTS.matcher(ForkedJvm.text(log));
      assertThat(ports.find()).as(ForkedJvm.text(log)).isTrue();
      return new Held(process, ports);
    }

    @Override
    public void close() throws Exception {
      process.getOutputStream().close();
      process.waitFor(20, TimeUnit.SECONDS);
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
