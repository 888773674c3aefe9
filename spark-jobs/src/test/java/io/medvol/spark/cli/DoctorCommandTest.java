package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.testing.Golden;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
  @Test
  void aSoundMachineIsOneLineForEachCheck() {
    CommandLineResult result = CommandLineResult.of("doctor", "--master", "local[2]");
    assertThat(result.status()).as(result.out()).isZero();
    assertThat(result.out().lines()).hasSize(6).allMatch(line -> line.startsWith("ok    "));
    assertThat(result.out()).contains("Java 1", "PyTorch", "processors", "of memory", "free in");
  }

  @Test
  void aMasterThatAnswersIsTold() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String master = "spark://localhost:" + server.getLocalPort();
      CommandLineResult result = CommandLineResult.of("doctor", "--master", master);
      assertThat(result.out()).contains("ok    Spark master " + master + " answers");
    }
  }

  @Test
  void aMasterThatDoesNotAnswerIsStatusFour() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    CommandLineResult result =
        CommandLineResult.of("doctor", "--master", "spark://localhost:" + port);
    assertThat(result.status()).isEqualTo(4);
    assertThat(result.out()).contains("fault Spark master spark://localhost:" + port);
    assertThat(result.err()).contains("1 of 6 checks failed").doesNotContain("\tat ");
  }

  @Test
  void aFolderThatDoesNotExistIsJudgedByItsParent() {
    CommandLineResult result = CommandLineResult.of("doctor", "--folder", "/proc/absent/run");
    assertThat(result.status()).isEqualTo(4);
    assertThat(result.out()).containsPattern("(?m)^fault .*/proc");
  }

  @Test
  void theMemoryOfARunIsToldBeforeItIsStarted() {
    Path model = Golden.models("qwen2_vl").get(0);
    CommandLineResult result =
        CommandLineResult.of(
            "doctor", "--estimate", "--model", model.toString(), "--slices", "4", "--length", "16");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out().lines()).hasSize(2);
    assertThat(result.out())
        .contains("ok    The sampling of a group takes about 0.", "ok    The update by it");
  }

  @Test
  void aRunThatDoesNotFitIsStatusFour() {
    Path model = Golden.models("qwen2_vl").get(0);
    CommandLineResult result =
        CommandLineResult.of(
            "doctor", "--estimate", "--model", model.toString(), "--group", "1000000");
    assertThat(result.status()).isEqualTo(4);
    assertThat(result.out()).contains("fault The update by it", "are available");
  }

  @Test
  void aModelThatIsNotThereIsStatusTwo() {
    CommandLineResult result = CommandLineResult.of("doctor", "--estimate", "--model", "/absent");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("There is no model directory at /absent");
  }
}
