package io.medvol.data.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForeignTextTest {
  @Test
  void aTextStaysOnOneLineAndMovesNoCursor() {
    assertThat(ForeignText.line("a\r\nERROR forged\t\u001b[2J\u2028\u202e."))
        .isEqualTo("a\\r\\nERROR forged\\t\\u001b[2J\\u2028\\u202e.");
    assertThat(ForeignText.line("Fläche 中文 3 mm²")).isEqualTo("Fläche 中文 3 mm²");
    assertThat(ForeignText.line(null)).isEqualTo("null");
  }

  @Test
  void aTextIsCut() {
    String whole = "x".repeat(ForeignText.MOST_CHARACTERS);
    assertThat(ForeignText.line(whole)).isEqualTo(whole);
    assertThat(ForeignText.line(whole + "y")).hasSize(ForeignText.MOST_CHARACTERS).endsWith("x…");
    assertThat(ForeignText.line("\n".repeat(5_000_000)).length())
        .isLessThanOrEqualTo(ForeignText.MOST_CHARACTERS);
  }
}
