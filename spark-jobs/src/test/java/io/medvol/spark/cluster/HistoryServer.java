package io.medvol.spark.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Spark's history server on a folder of event logs; ends with the cluster it belongs to. */
final class HistoryServer {
  private static final long PATIENCE_SECONDS = 120;
  private static final Pattern PORT = Pattern.compile("started at http://\\S+:(\\d+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String applications;

  private HistoryServer(String address) {
    applications = address + "/api/v1/applications";
  }

  static HistoryServer start(StandaloneCluster cluster, Path events) throws Exception {
    Path properties = events.resolveSibling("history.properties");
    Files.write(
        properties,
        List.of(
            "spark.history.fs.logDirectory " + events.toUri(),
            "spark.history.fs.update.interval 1s",
            "spark.history.ui.port 0"));
    Process process =
        cluster.daemon(
            "history",
            "127.0.0.1",
            List.of(
                "org.apache.spark.deploy.history.HistoryServer",
                "--properties-file",
                properties.toString()));
    return new HistoryServer(
        "http://127.0.0.1:" + cluster.awaitInLog(process, "history", PORT).group(1));
  }

  /**
   * What it tells of the only application.
   *
   * @param what such as {@code jobs}
   */
  JsonNode tell(String what) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    JsonNode found = get(applications);
    while (found.isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
      found = get(applications);
    }
    if (found.isEmpty()) {
      throw new IllegalStateException("It has read no application's events");
    }
    return get(applications + "/" + found.path(0).path("id").asText() + "/" + what);
  }

  private JsonNode get(String address) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(30)).build();
    String body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return JSON.readTree(body);
  }
}
