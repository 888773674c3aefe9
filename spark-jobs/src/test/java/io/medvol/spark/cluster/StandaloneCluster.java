package io.medvol.spark.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spark's standalone master and two workers on loopback, with ports the system chooses, each worker
 * with an address of its own (a straggler's copy runs on another host only) and one GPU that a
 * script pretends to find. All of it asks for a secret, and encrypts what it sends. Ends with
 * everything it started.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 180;
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");

  private final Path folder;
  private final Path home;
  private final Map<String, String> ofTheSecond;
  private final List<Process> daemons = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();
  private final Thread end = new Thread(this::stop);
  private final String secret = UUID.randomUUID().toString();
  private String master;

  private StandaloneCluster(Path folder, Path home, Map<String, String> ofTheSecond) {
    this.ofTheSecond = Map.copyOf(ofTheSecond);
    this.folder = folder;
    this.home = home;
  }

  /**
   * @param home a Spark installation
   * @param cores of each worker
   */
  static StandaloneCluster start(Path folder, Path home, int cores) throws Exception {
    return start(folder, home, cores, Map.of());
  }

  /**
   * @param ofTheSecond variables of the environment of the second worker, and of its executors
   */
  static StandaloneCluster start(Path folder, Path home, int cores, Map<String, String> ofTheSecond)
      throws Exception {
    StandaloneCluster cluster = new StandaloneCluster(folder, home, ofTheSecond);
    Runtime.getRuntime().addShutdownHook(cluster.end);
    boolean started = false;
    try {
      cluster.startDaemons(cores);
      started = true;
      return cluster;
    } finally {
      if (!started) {
        cluster.close();
      }
    }
  }

  private void startDaemons(int cores) throws Exception {
    writeSecret();
    String host = "127.0.0.1";
    Process process =
        daemon(
            "master",
            host,
            List.of(
                "org.apache.spark.deploy.master.Master",
                "--host",
                host,
                "--port",
                "0",
                "--webui-port",
                "0",
                "--properties-file",
                secretFile().toString()));
    master = awaitInLog(process, "master", MASTER).group(1);
    for (int worker = 0; worker < 2; worker++) {
      workers.add(startWorker(worker, cores));
    }
    for (int worker = 0; worker < 2; worker++) {
      awaitInLog(workers.get(worker), "worker" + worker, REGISTERED);
    }
  }

  /** What deploy/README.md asks for. */
  private void writeSecret() throws IOException {
    Files.createFile(
        secretFile(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        secretFile(),
        "spark.authenticate true\nspark.network.crypto.enabled true\nspark.authenticate.secret "
            + secret
            + "\n");
  }

  private Path secretFile() {
    return folder.resolve("secret.properties");
  }

  /** What a driver of this JVM needs to be let in. */
  Map<String, String> spark() {
    return Map.of(
        "spark.authenticate", "true",
        "spark.network.crypto.enabled", "true",
        "spark.authenticate.secret", secret);
  }

  String secret() {
    return secret;
  }

  private Process startWorker(int index, int cores) throws IOException {
    Path script = folder.resolve("gpus-of-worker" + index + ".sh");
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"" + index + "\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path properties = folder.resolve("worker" + index + ".properties");
    Files.writeString(
        properties,
        "spark.worker.resource.gpu.amount 1\nspark.worker.resource.gpu.discoveryScript "
            + script
            + "\n"
            + Files.readString(secretFile()));
    String host = "127.0.0." + (index + 1);
    return daemon(
        "worker" + index,
        host,
        index == 1 ? ofTheSecond : Map.of(),
        List.of(
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            host,
            "--port",
            "0",
            "--webui-port",
            "0",
            "--cores",
            Integer.toString(cores),
            "--memory",
            "2g",
            "--work-dir",
            folder.resolve("work" + index).toString(),
            "--properties-file",
            properties.toString(),
            master));
  }

  /** A process of this installation, which ends with the cluster. */
  Process daemon(String name, String host, List<String> arguments) throws IOException {
    return daemon(name, host, Map.of(), arguments);
  }

  private Process daemon(
      String name, String host, Map<String, String> variables, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // Its port is fixed, and nobody asks there.
    command.add("-Dspark.master.rest.enabled=false");
    command.addAll(List.of("-cp", home.resolve("jars") + "/*"));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().putAll(environment());
    builder.environment().put("SPARK_LOCAL_IP", host);
    builder.environment().putAll(variables);
    Process process = builder.start();
    daemons.add(process);
    return process;
  }

  /** What every process of this installation needs to know. */
  private Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_SCALA_VERSION", SparkHome.SCALA_VERSION);
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    // These processes live for seconds.
    environment.put("JAVA_TOOL_OPTIONS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    environment.put("SPARK_LOCAL_DIRS", folder.resolve("local").toString());
    return environment;
  }

  Matcher awaitInLog(Process process, String name, Pattern pattern) throws Exception {
    Path log = folder.resolve(name + ".log");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline && process.isAlive()) {
      Matcher matcher = pattern.matcher(Files.readString(log));
      if (matcher.find()) {
        return matcher;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IllegalStateException(name + " did not start: " + Files.readString(log));
  }

  String master() {
    return master;
  }

  /** The processes of executors that are alive: the only ones a worker starts. */
  List<ProcessHandle> executors() {
    return workers.stream().flatMap(worker -> worker.toHandle().descendants()).toList();
  }

  /**
   * Runs a command by {@code deploy/spark-submit.sh}.
   *
   * @param options further ones of spark-submit
   */
  Process submit(Path log, List<String> options, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("medvol.root"), "deploy", "spark-submit.sh").toString());
    command.addAll(arguments);
    List<String> all = new ArrayList<>(List.of("--conf", "spark.driver.host=127.0.0.1"));
    all.addAll(List.of("--conf", "spark.ui.enabled=false"));
    all.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment());
    builder.environment().put("MASTER", master);
    builder.environment().put("SPARK_SECRET_FILE", secretFile().toString());
    builder.environment().put("DRIVER_MEMORY", "768m");
    builder.environment().put("EXECUTOR_MEMORY", "768m");
    builder.environment().put("SPARK_SUBMIT_OPTS_EXTRA", String.join(" ", all));
    return builder.start();
  }

  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(end);
  }

  private void stop() {
    List<ProcessHandle> all = new ArrayList<>();
    for (Process daemon : daemons) {
      all.addAll(daemon.descendants().toList());
      all.add(daemon.toHandle());
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
