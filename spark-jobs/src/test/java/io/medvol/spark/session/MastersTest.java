package io.medvol.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.medvol.data.error.MedVolException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MastersTest {
  @ParameterizedTest
  @ValueSource(strings = {"local", "local[1]", "local[*]", "local[2,3]", "local[2, 3]"})
  void threadsOfThisJvmCanAlwaysBeHad(String master) {
    assertThatCode(() -> Masters.require(master)).doesNotThrowAnyException();
  }

  @Test
  void oneMasterOfSeveralThatAnswersIsEnough() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String master = "spark://localhost:1,localhost:" + server.getLocalPort();
      assertThatCode(() -> Masters.require(master)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "yarn; 2; run MASTER=yarn deploy/spark-submit.sh",
        "k8s://https://host:6443; 2; run MASTER=k8s://https://host:6443 deploy/spark-submit.sh",
        "mesos://host:5050; 2; which Spark does not know",
        "local[0]; 2; which Spark does not know",
        "local[x]; 2; which Spark does not know",
        "local-cluster[2,1]; 2; which Spark does not know",
        "nonsense; 2; which Spark does not know",
        "spark://host; 2; expected spark://HOST:PORT",
        "spark://host:99999; 2; expected spark://HOST:PORT",
        "spark://user@host:7077; 2; expected spark://HOST:PORT",
        "spark://localhost:1; 4; does not answer (Connection refused)",
        "spark://host.invalid:7077; 4; does not answer (unknown host)"
      })
  void aMasterThatCannotBeHadIsOneSentence(String master, int status, String said) {
    MedVolException failure =
        catchThrowableOfType(MedVolException.class, () -> Masters.require(master));
    assertThat(failure).hasMessageContaining(master).hasMessageContaining(said);
    assertThat(failure.code().exitCode()).isEqualTo(status);
  }

  @Test
  void anExecutorMustFitIntoItsWorker() {
    SparkConf conf = new SparkConf(false).set("spark.executor.memory", "2g");
    assertThatCode(() -> Masters.requireMemory(conf, "local-cluster[2,1,2048]"))
        .doesNotThrowAnyException();
    assertThat(
            catchThrowableOfType(
                MedVolException.class,
                () -> Masters.requireMemory(conf, "local-cluster[2, 1, 1024]")))
        .hasMessageContaining("whose workers have 1024 MiB, and spark.executor.memory is 2048 MiB");
  }

  @Test
  void aHeapBelowSparksLeastIsRefused() {
    assertThatCode(() -> DriverResources.requireHeap(450L << 20)).doesNotThrowAnyException();
    assertThat(
            catchThrowableOfType(
                MedVolException.class, () -> DriverResources.requireHeap((450L << 20) - 1)))
        .hasMessageContaining("set MEDVOL_HEAP to at least 512m");
  }
}
