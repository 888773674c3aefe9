package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InterruptionTest {
  /** A process that a usual exit would keep waiting for ever, as a hook of its own never ends. */
  static final class Patient {
    private static final String COMPUTES = "computes";

    private Patient() {}

    public static void main(String[] arguments) throws InterruptedException {
      Interruption interruption = Interruption.awaited();
      if (arguments[0].equals(COMPUTES)) {
        CountDownLatch never = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(never)));
        System.out.println("ready");
        never.await();
      }
      interruption.finished();
      System.exit(7);
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void aSignalEndsAProcessThatStillComputes() throws Exception {
    Process process = start(Patient.COMPUTES);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("ready");

      process.destroy();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(128 + 15);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whatEndsOfItselfKeepsItsStatus() throws Exception {
    Process process = start("ends");
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(7);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(String mode) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    return new ProcessBuilder(
            List.of(java, "-Xmx64m", "-cp", classes, Patient.class.getName(), mode))
        .redirectError(ProcessBuilder.Redirect.to(new File("/dev/null")))
        .start();
  }
}
