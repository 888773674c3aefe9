package io.medvol.reward.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerOpeningTest {
  private static final String EVIDENCE = "[{\"slice\": 3, \"bbox_2d_list\": [[1, 2, 3, 4]]}]";
  private static final String THOUGHT = "<think>I see it.</think>";
  private static final AnswerOpening THINKING = new AnswerOpening("<think>\n");

  private static String demonstration(ResponseForm form, String inside) {
    String answer = "<answer>" + inside + "</answer>";
    return switch (form) {
      case THINK_ANSWER -> THOUGHT + answer;
      case ANSWER_THINK -> answer + THOUGHT;
      case ANSWER_ONLY -> answer;
    };
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTaughtBehindAnOpenedThoughtIsReadStrictly(ResponseForm form) {
    String taught = THINKING.completion(demonstration(form, EVIDENCE));
    assertThat(THINKING.text() + taught)
        .containsOnlyOnce(form == ResponseForm.ANSWER_THINK ? "<think>\n</think>" : "<think>");
    assertThat(
            new ResponseParser(form)
                .parse(THINKING.answer(taught, form), Set.of(3), CoordinateScale.THOUSANDTHS))
        .isInstanceOf(ParsedResponse.Grounded.class);
    String letter = THINKING.completion(demonstration(form, "B"));
    assertThat(new ChoiceParser(form).letter(THINKING.answer(letter, form)))
        .isEqualTo(Optional.of('B'));
    assertThat(PaperChoice.hasForm(THINKING.answer(letter, form), form)).isTrue();
  }

  @Test
  void anOpenedThoughtIsTheAnswersInTheReleasedModeToo() {
    String completion = "\nI see it.\n</think>\n\n<answer>" + EVIDENCE + "</answer>";
    PaperResponseParser parser = new PaperResponseParser(512, 512, CoordinateScale.THOUSANDTHS);
    assertThat(parser.parse(completion).wellFormed()).isFalse();
    PaperResponse read = parser.parse(THINKING.answer(completion, ResponseForm.THINK_ANSWER));
    assertThat(read.wellFormed()).isTrue();
    assertThat(read.thought()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"ANSWER_ONLY", "ANSWER_THINK"})
  void aThoughtBeforeAnAnswerThatComesFirstIsRefused(ResponseForm form) {
    String completion = "I see it.</think>" + demonstration(form, EVIDENCE);
    assertThat(
            new ResponseParser(form)
                .parse(THINKING.answer(completion, form), Set.of(3), CoordinateScale.THOUSANDTHS))
        .isInstanceOf(ParsedResponse.Unparsable.class);
  }

  @Test
  void aThoughtOpenedTwiceIsRefused() {
    ResponseForm form = ResponseForm.THINK_ANSWER;
    String answer = THINKING.answer(demonstration(form, EVIDENCE), form);
    assertThat(new ResponseParser(form).parse(answer, Set.of(3), CoordinateScale.THOUSANDTHS))
        .isEqualTo(new ParsedResponse.Unparsable("<think> occurs more than once"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<think>\n\n</think>\n\n"})
  void withoutAnOpenThoughtTheCompletionIsTheAnswer(String opening) {
    AnswerOpening plain = new AnswerOpening(opening);
    for (ResponseForm form : ResponseForm.values()) {
      String answer = demonstration(form, EVIDENCE);
      assertThat(plain.completion(answer)).isEqualTo(answer);
      assertThat(plain.answer(answer, form)).isEqualTo(answer);
    }
  }
}
