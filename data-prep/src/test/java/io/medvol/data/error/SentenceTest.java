package io.medvol.data.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentenceTest {
  @Test
  void hasOneFullStop() {
    assertThat(Sentence.ended("one side may be at most 200 times the other"))
        .isEqualTo("one side may be at most 200 times the other.");
    assertThat(Sentence.ended("Restore the file. ")).isEqualTo("Restore the file.");
    assertThat(Sentence.ended("why?")).isEqualTo("why?");
    assertThat(Sentence.ended("")).isEqualTo(".");
  }
}
