package io.medvol.model.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each template tries to hang, to fill the heap or to overflow the stack by one operation. */
class TemplateBoundsTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Half of what the threads of an executor have. */
  private static final int STACK_BYTES = 512 << 10;

  private static final long MAX_CPU_NANOS = 2_000_000_000L;

  /** All that is ever made, most of it long collected: the heap holds less at any time. */
  private static final long MAX_ALLOCATED = 256L << 20;

  private static final int MAX_SENTENCE = 600;

  private record Outcome(Object result, long cpuNanos, long allocated) {}

  static Stream<Arguments> hostileTemplates() {
    return Stream.of(
        hostile("replace", grow("'a' * 32", "ns.x.replace('a', 'a' * 39)")),
        hostile("replace of nothing", grow("'a' * 32", "ns.x.replace('', ns.x)")),
        hostile("replace filter", grow("'a' * 32", "ns.x | replace('a', ns.x)")),
        hostile("join", grow("'a' * 32", "(ns.x | list) | join(ns.x)")),
        hostile("repetition", grow("'a'", "ns.x * 1000")),
        hostile("repetition at once", "{{ 'ab' * 9223372036854775807 }}"),
        hostile("sum", grow("'a'", "ns.x + ns.x")),
        hostile("tilde", grow("'a'", "ns.x ~ ns.x")),
        hostile("sum of lists", grow("[1]", "ns.x + ns.x")),
        hostile("upper", loop("'\u0390' * 500000", "ns.x.upper() | length")),
        hostile("lower", loop("'\u0130' * 500000", "ns.x.lower() | length")),
        hostile("capitalize", loop("'\u0130' * 500000", "ns.x.capitalize() | length")),
        hostile("title", loop("'ab ' * 300000", "ns.x.title() | length")),
        hostile("split", loop("'a,' * 300000", "ns.x.split(',') | length")),
        hostile("words", loop("'a ' * 300000", "ns.x.split() | length")),
        hostile("lines", loop("'a\\n' * 300000", "ns.x.splitlines() | length")),
        hostile("strip", loop("' ' * 3000000", "ns.x.strip()")),
        hostile("strip by a set", loop("'a' * 100000", "ns.x.strip('b' * 100000 + 'a')")),
        hostile("list of a text", loop("'a' * 300000", "ns.x | list | length")),
        hostile("length of a text", loop("'a' * 3000000", "ns.x | length")),
        hostile("character of a text", loop("'a' * 3000000", "ns.x[2999999]")),
        hostile("slice", loop("'a' * 3000000", "ns.x[::-1] | length")),
        hostile("slice of a list", loop("range(100000)", "ns.x[::-1] | length")),
        hostile("find", loop("'a' * 2000000", "ns.x.find('a' * 1000000 + 'b')")),
        hostile("count", loop("'a' * 2000000", "ns.x.count('a' * 1000000 + 'b')")),
        hostile("in a text", loop("'a' * 2000000", "('a' * 1000000 + 'b') in ns.x")),
        hostile("in a list", loop("range(100000)", "'x' in ns.x")),
        hostile("equal texts", loop("'a' * 3000000", "ns.x == 'a' * 3000000")),
        hostile("range", loop("1", "range(100000) | length")),
        hostile("items", loop("'a' * 300000", "{'a': ns.x, 'b': ns.x}.items() | string | length")),
        hostile("number", loop("' ' * 3000000", "ns.x | int")),
        hostile("json", share("ns.x | tojson")),
        hostile("print", share("ns.x")),
        hostile("string filter", share("ns.x | string | length")),
        hostile("equal shared lists", share("ns.x == [ns.x[0], ns.x[1]]")),
        hostile("print of a deep list", deep("ns.x")),
        hostile("json of a deep list", deep("ns.x | tojson")),
        hostile("json of a deep mapping", deepMapping("ns.x | tojson")),
        hostile("print of a deep mapping", deepMapping("ns.x")),
        hostile("deep lists compared", deep("ns.x == [ns.x[0]]")),
        hostile("deep mappings compared", deepMapping("ns.x == {'a': ns.x.a}")),
        hostile(
            "indented json",
            deepList(300)
                + "{% for i in range(999) %}"
                + "{{ ns.x | tojson(indent=64) }}{% endfor %}"),
        hostile("macro", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
        hostile("macro's default", "{% macro m(a=m()) %}{% endmacro %}{{ m() }}"),
        hostile(
            "macros that fork",
            "{% macro m(n) %}{% if n > 0 %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}"
                + "{{ m(60) }}"),
        hostile("map of maps", "{{ 'a' | map(" + "'map', ".repeat(5000) + "'upper') }}"),
        hostile("long sum", "{{ 1" + " + 1".repeat(20_000) + " }}"),
        hostile("long concatenation", "{{ 1" + " ~ 1".repeat(20_000) + " }}"),
        hostile("long choice", "{{ 0" + " or 0".repeat(20_000) + " }}"),
        hostile("long conjunction", "{{ 1" + " and 1".repeat(20_000) + " }}"),
        hostile("long power", "{{ 1" + " ** 1".repeat(20_000) + " }}"),
        hostile("long condition", "{{ 1" + " if 1".repeat(20_000) + " }}"),
        hostile("long path", "{{ messages" + "[0]".repeat(20_000) + " }}"),
        hostile("many attributes", "{{ messages" + ".a".repeat(20_000) + " }}"),
        hostile("many filters", "{{ 'a'" + " | upper".repeat(20_000) + " }}"),
        hostile("many tests", "{{ 'a'" + " is string".repeat(20_000) + " }}"),
        hostile("many calls", "{{ 'a'" + ".upper()".repeat(20_000) + " }}"),
        hostile("brackets", "{{ " + "[".repeat(50_000) + "]".repeat(50_000) + " }}"),
        hostile("braces", "{{ " + "{1:".repeat(50_000) + "1" + "}".repeat(50_000) + " }}"),
        hostile("subscripts", "{{ " + "a[".repeat(50_000) + "1" + "]".repeat(50_000) + " }}"),
        hostile("arguments", "{{ " + "a(".repeat(50_000) + ")".repeat(50_000) + " }}"),
        hostile("many else", "{{ " + "1 if 1 else ".repeat(50_000) + "1 }}"),
        hostile("many elif", "{% if 0 %}" + "{% elif 0 %}".repeat(50_000) + "{% endif %}"),
        hostile("loops", "{% for i in range(9) %}".repeat(90) + "{% endfor %}".repeat(90)),
        hostile("a long template", "{{ 1 }}\n".repeat(200_000)),
        hostile("a long name", "{{ messages." + "a".repeat(1_000_000) + ".b }}"),
        hostile("a long reason", "{{ raise_exception('a\u001b[2J\n' * 1000000) }}"));
  }

  private static Arguments hostile(String name, String template) {
    return Arguments.of(name, template);
  }

  private static String grow(String start, String next) {
    return loop(start, next, "{% set ns.x = %s %}");
  }

  private static String loop(String start, String expression) {
    return loop(start, expression, "{{ %s }}");
  }

  private static String loop(String start, String expression, String body) {
    return "{% set ns = namespace(x="
        + start
        + ") %}{% for i in range(99999) %}"
        + body.replace("%s", expression)
        + "{% endfor %}";
  }

  private static String deep(String expression) {
    return deepList(5000) + "{{ " + expression + " }}";
  }

  private static String deepList(int levels) {
    return "{% set ns = namespace(x=[]) %}{% for i in range("
        + levels
        + ") %}{% set ns.x = [ns.x] %}{% endfor %}";
  }

  private static String deepMapping(String expression) {
    return "{% set ns = namespace(x={}) %}{% for i in range(5000) %}{% set ns.x = {'a': ns.x} %}"
        + "{% endfor %}{{ "
        + expression
        + " }}";
  }

  /** A list of 2^60 leaves that takes the memory of 60. */
  private static String share(String expression) {
    return "{% set ns = namespace(x=[]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}"
        + "{% endfor %}{{ "
        + expression
        + " }}";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileTemplates")
  void aHostileTemplateIsRefusedInOneSentence(String name, String template) throws Exception {
    Outcome outcome = render(template);
    assertThat(outcome.result()).isInstanceOf(MedVolException.class);
    MedVolException refusal = (MedVolException) outcome.result();
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(refusal.getMessage())
        .hasSizeBetween(20, MAX_SENTENCE)
        .doesNotContainPattern("\\p{Cntrl}");
    assertThat(outcome.cpuNanos()).isLessThan(MAX_CPU_NANOS);
    assertThat(outcome.allocated()).isLessThan(MAX_ALLOCATED);
  }

  @Test
  void aNamespaceMayHoldItself() throws Exception {
    Outcome outcome =
        render("{% set ns = namespace() %}{% set ns.x = ns %}{{ ns.x == ns }}{{ ns in [ns.x] }}");
    assertThat(outcome.result()).isEqualTo("TrueTrue");
  }

  @Test
  void aListIsNoKey() throws Exception {
    Outcome outcome = render(deepList(5000) + "{{ ns.x in {'a': 1} }}{{ {'a': 1}.get(ns.x, 2) }}");
    assertThat(outcome.result()).isEqualTo("False2");
  }

  @Test
  void extremeNumbersAreNotBugs() throws Exception {
    String smallest = "(-9223372036854775807 - 1)";
    assertThat(render("{{ 'abc'[0:3:9223372036854775807] }}").result()).isEqualTo("a");
    assertThat(render("{{ 'abc'[::" + smallest + "] }}").result()).isEqualTo("c");
    assertThat(render("{{ range(9223372036854775805, 9223372036854775807, 2) }}").result())
        .isEqualTo("[9223372036854775805]");
    for (String expression :
        List.of(smallest + " | abs", "1\u0661.\u0662", "[1] | map(filter='abs')", "2 ** 63")) {
      Object result = render("{{ " + expression + " }}").result();
      assertThat(result)
          .as(expression)
          .matches(r -> r instanceof String || r instanceof MedVolException);
    }
  }

  private static Outcome render(String template) throws Exception {
    FutureTask<Outcome> task =
        new FutureTask<>(
            () -> {
              long thread = Thread.currentThread().getId();
              long cpu = THREADS.getCurrentThreadCpuTime();
              long allocated = THREADS.getThreadAllocatedBytes(thread);
              Object result;
              try {
                result =
                    JinjaTemplate.parse(template)
                        .render(
                            Map.of("messages", List.of(Map.of("role", "user", "content", "a"))));
              } catch (MedVolException e) {
                result = e;
              }
              return new Outcome(
                  result,
                  THREADS.getCurrentThreadCpuTime() - cpu,
                  THREADS.getThreadAllocatedBytes(thread) - allocated);
            });
    Thread thread = new Thread(null, task, "template", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    return task.get(60, TimeUnit.SECONDS);
  }
}
