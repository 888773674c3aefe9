package io.medvol.model.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected texts are what Jinja2 3.1 gives with trim_blocks and lstrip_blocks. */
class JinjaTemplateTest {
  private static final Map<String, Object> VARIABLES =
      Map.of(
          "messages",
          List.of(
              Map.of("role", "system", "content", "Be brief."),
              Map.of(
                  "role",
                  "user",
                  "content",
                  List.of(
                      Map.of("type", "image"),
                      Map.of("type", "text", "text", "{{ 7*7 }} {% x %}"))),
              Map.of("role", "assistant", "content", "ok")),
          "yes",
          true);

  private static String render(String template) {
    return JinjaTemplate.parse(template).render(VARIABLES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "2 * 3 ~ 'x' | 6x",
        "7 // 2 ~ -7 // 2 ~ 7 % 3 | `3-41`",
        "7 / 2 | 3.5",
        "2 ** 3 | 8",
        "10 - 2 - 3 | 5",
        "'ab' * 2 | abab",
        "1 < 2 < 3 | True",
        "not 1 == 2 | True",
        "'a' not in 'bcd' | True",
        "'b' > 'a' and none is none | True",
        "1 == 1.0 | True",
        "[1, 2] + [3] | [1, 2, 3]",
        "{'a': ['q', none, true]} | {'a': ['q', None, True]}",
        "'x' if no else 'y' | y",
        "[1, 2, 3][1:] ~ 'abc'[::-1] ~ 'abc'[-1] | [2, 3]cbac",
        "messages[-1].role | assistant",
        "messages[0]['role'] | system",
        "messages[0].get('nothing', 'd') | d",
        "no is defined | False",
        "messages is iterable and messages is not mapping | True",
        "3 is odd and 4 is divisibleby 2 and 'a' is in ['a'] | True",
        "yes is boolean and yes is true | True",
        "'a,b,c'.split(',')[1] ~ ' x '.strip() ~ 'Hi'.startswith('H') | bxTrue",
        "'x' 'y' ~ \"it's\" | xyit's",
        "(1, 2)[0] | 1",
      })
  void anExpressionHasPythonsValue(String expression, String expected) {
    assertThat(render("{{ " + expression + " }}")).isEqualTo(expected);
  }

  @Test
  void filtersChangeValues() {
    assertThat(render("{{ messages | length }}{{ ' a ' | trim | upper }}")).isEqualTo("3A");
    assertThat(render("{{ no | default('d') }}{{ '' | default('e', true) }}")).isEqualTo("de");
    assertThat(render("{{ messages | map(attribute='role') | join(', ') }}"))
        .isEqualTo("system, user, assistant");
    assertThat(render("{{ (messages | rejectattr('role', 'equalto', 'system') | list)[0].role }}"))
        .isEqualTo("user");
    assertThat(render("{{ {'a': 1, 'b': [true, none, 'ü\"\\n']} | tojson }}"))
        .isEqualTo("{\"a\": 1, \"b\": [true, null, \"ü\\\"\\n\"]}");
    assertThat(render("{{ {'a': [1, {}], 'b': []} | tojson(indent=2) }}"))
        .isEqualTo("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
  }

  @Test
  void statementsTakeTheirIndentAndLineEndWithThem() {
    assertThat(render("a\n  {% if yes %}\n    b\n  {% endif %}\nc\n")).isEqualTo("a\n    b\nc");
    assertThat(render("a {%+ if yes %} b {% endif +%}\n c")).isEqualTo("a  b \n c");
    assertThat(render("x\n  {%- for i in [1, 2] %}\n  {{ i }}\n  {%- endfor %}\n\n y"))
        .isEqualTo("x  1  2\n y");
    assertThat(render("a  {{- 1 -}}  b {{ 2 }} c {#- note -#} d")).isEqualTo("a1b 2 cd");
    assertThat(render("{% raw %} {{ x }} {% endraw %}\n z")).isEqualTo(" {{ x }}  z");
  }

  @Test
  void loopsKnowWhereTheyAreAndKeepWhatTheySet() {
    assertThat(
            render(
                "{% for m in messages %}{{ loop.index }}{{ 'F' if loop.first }}"
                    + "{{ 'L' if loop.last }}{{ loop.revindex0 }};{% endfor %}"))
        .isEqualTo("1F2;21;3L0;");
    assertThat(
            render(
                "{% set ns = namespace(n=0) %}{% for i in range(9) %}{% if i == 5 %}{% break %}"
                    + "{% endif %}{% if i % 2 %}{% continue %}{% endif %}{% set ns.n = ns.n + i %}"
                    + "{% set leaked = i %}{% endfor %}{{ ns.n }}{{ leaked is defined }}"))
        .isEqualTo("6False");
    assertThat(
            render(
                "{% for k, v in {'a': 1, 'b': 2}.items() if v > 1 %}{{ k }}={{ v }}{% endfor %}"
                    + "{% for q in [] %}x{% else %}empty{% endfor %}"))
        .isEqualTo("b=2empty");
  }

  @Test
  void macrosAndBlocksGiveTexts() {
    assertThat(
            render(
                "{% macro show(value, mark='!') %}<{{ value }}{{ mark }}>{% endmacro %}"
                    + "{{ show('a') }}{{ show('b', mark='?') }}"
                    + "{% set block %}[{{ 1 + 1 }}]{% endset %}{{ block }}"))
        .isEqualTo("<a!><b?>[2]");
  }

  @Test
  void aTemplateOfTheHubsFormRenders() {
    String template =
        """
        {%- if messages[0].role == 'system' %}
            {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
        {%- endif %}
        {%- set pictures = namespace(value=0) %}
        {%- for message in messages %}
            {%- if message.role == "user" %}
                {{- '<|im_start|>' + message.role + '\\n' }}
                {%- for content in message.content %}
                    {%- if content.type == 'image' or 'image_url' in content %}
                        {%- set pictures.value = pictures.value + 1 %}
                        {%- if yes %}Picture {{ pictures.value }}: {% endif -%}
                        <|image_pad|>
                    {%- elif 'text' in content %}
                        {{- content.text }}
                    {%- endif %}
                {%- endfor %}
                {{- '<|im_end|>\\n' }}
            {%- endif %}
        {%- endfor %}
        """;
    // What a message holds is text, even if it looks like a template.
    assertThat(render(template))
        .isEqualTo(
            "<|im_start|>system\nBe brief.<|im_end|>\n"
                + "<|im_start|>user\nPicture 1: <|image_pad|>{{ 7*7 }} {% x %}<|im_end|>\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '`',
      value = {
        "{{ 'a' ^ not closed by }}",
        "{{ 'a }} ^ not closed",
        "{% if yes %} ^ {% if %} is not closed",
        "{% include 'x' %} ^ {% include %} is not supported",
        "{% endif %} ^ {% endif %} is not supported, or stands where it may not",
        "{{ 1 + 'a' }} ^ + does not apply to a long and a string",
        "{{ no.attribute }} ^ 'no' is undefined",
        "{{ 'x' | fancy }} ^ the filter \"fancy\" is not supported",
        "{{ 'x' is fancy }} ^ the test \"fancy\" is not supported",
        "{{ raise_exception('too many') }} ^ the template refuses these messages: too many",
        "{{ 1 // 0 }} ^ has no result",
        "{{ 1 2 }} ^ unexpected 2",
        "{{ range(10 ** 9) }} ^ range gives more than",
        "{{ 'x' * 10 ** 12 }} ^ more than",
      })
  void aFaultNamesItsLineAndReason(String template, String reason) {
    assertThatThrownBy(() -> render("line one\n" + template))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining(reason.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
      })
  void aTemplateCannotHangOrFillTheHeap(String template) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("more than");
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> render("{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}"))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("nested");
    assertThatThrownBy(() -> render("{% if yes %}".repeat(5000)))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("nested");
  }
}
