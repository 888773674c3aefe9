package io.medvol.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PseudonymTest {
  /** By {@code printf 'case-7' | openssl dgst -sha256 -hmac 'salt-1'}. */
  @Test
  void aVolumeIsNamedByAKeyedHash() {
    assertThat(Pseudonym.of("salt-1", "case-7")).isEqualTo("v1941b4b1e5e1ec68");
    assertThat(Pseudonym.of("salt-2", "case-7")).isNotEqualTo("v1941b4b1e5e1ec68");
  }

  @Test
  void aQuestionIsNamedByAKeyedHashToo() {
    String one = Pseudonym.questionId("salt-1", "v1", "question-of-patient-7");
    assertThat(one).matches("v1/q-[0-9a-f]{8}");
    assertThat(Pseudonym.questionId("salt-2", "v1", "question-of-patient-7")).isNotEqualTo(one);
  }
}
