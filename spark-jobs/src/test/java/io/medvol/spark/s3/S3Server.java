package io.medvol.spark.s3;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/**
 * An S3 server on loopback, a process of its own with its own libraries, that keeps one bucket in a
 * folder. It can be killed and started again at the same address. Ends with this JVM.
 */
public final class S3Server implements AutoCloseable {
  /** System property: the file that lists the server's jars. */
  public static final String CLASS_PATH = "medvol.s3-server-classpath";

  private static final String IDENTITY = "tester";
  private static final String CREDENTIAL = "secret-of-tester";
  private static final long PATIENCE_SECONDS = 120;

  private final Path folder;
  private final int port;
  private final Thread end = new Thread(this::kill);
  private Process process;

  private S3Server(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /**
   * @param folder for the server's files and log
   */
  public static S3Server start(Path folder) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    S3Server server = new S3Server(folder, port);
    Files.createDirectories(folder.resolve("data").resolve(server.bucket()));
    Map<String, String> settings = new TreeMap<>();
    settings.put("s3proxy.endpoint", server.endpoint());
    settings.put("s3proxy.authorization", "aws-v2-or-v4");
    settings.put("s3proxy.identity", IDENTITY);
    settings.put("s3proxy.credential", CREDENTIAL);
    settings.put("jclouds.provider", "filesystem-nio2");
    settings.put("jclouds.filesystem.basedir", folder.resolve("data").toString());
    Files.write(
        folder.resolve("s3.properties"),
        settings.entrySet().stream().map(Object::toString).toList());
    Files.writeString(
        folder.resolve("logback.xml"),
        """
        <configuration>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%d %level %logger %msg%n</pattern></encoder>
          </appender>
          <root level="WARN"><appender-ref ref="out"/></root>
        </configuration>
        """);
    Runtime.getRuntime().addShutdownHook(server.end);
    server.start();
    return server;
  }

  /** Starts the server that was killed; waits until it answers. */
  public void start() throws IOException, InterruptedException {
    String jars = Files.readString(Path.of(System.getProperty(CLASS_PATH))).strip();
    Path log = folder.resolve("s3.log");
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx192m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    folder + File.pathSeparator + jars,
                    "org.gaul.s3proxy.Main",
                    "--properties",
                    folder.resolve("s3.properties").toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        kill();
        throw new IllegalStateException("The S3 server did not start: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends the server at once; requests fail until it is started again. */
  public void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  private String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** A name of its own: Hadoop keeps one client for each bucket of a JVM, whatever its settings. */
  private String bucket() {
    return "lake-" + port;
  }

  /** A place in the bucket. */
  public String uri(String path) {
    return "s3a://" + bucket() + "/" + path;
  }

  /** What Hadoop must know to reach the server; gives up on a request after a second or two. */
  private Map<String, String> hadoop() {
    return Map.of(
        "fs.s3a.endpoint",
        endpoint(),
        "fs.s3a.endpoint.region",
        "us-east-1",
        "fs.s3a.path.style.access",
        "true",
        "fs.s3a.access.key",
        IDENTITY,
        "fs.s3a.secret.key",
        CREDENTIAL,
        "fs.s3a.attempts.maximum",
        "1",
        "fs.s3a.retry.limit",
        "2",
        "fs.s3a.retry.interval",
        "200ms");
  }

  /** The same as settings of Spark. */
  public Map<String, String> spark() {
    return hadoop().entrySet().stream()
        .collect(Collectors.toMap(entry -> "spark.hadoop." + entry.getKey(), Map.Entry::getValue));
  }

  public Configuration configuration() {
    Configuration configuration = new Configuration();
    hadoop().forEach(configuration::set);
    return configuration;
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(end);
  }
}
