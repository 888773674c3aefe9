package io.medvol.data.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides which settings hold secrets, and leaves these out of whatever is written: configuration,
 * report, messages, and what Spark itself shows. A name decides; a secret inside another text is
 * known by the name, or the form, it stands behind. Thread-safe.
 */
public final class Secrets {
  /** What stands in place of a secret. */
  public static final String HIDDEN = "*********(redacted)";

  /** Finds the name of a secret; also for {@code spark.redaction.regex}. */
  public static final String NAMES =
      "(?i)secret|passw(or)?d|passphrase|token|credential"
          + "|(access|account|api|encryption|private|signing)[._-]?key([._-]|$)"
          + "|(^|[._-])(key|sas|pwd)([._-]|$)";

  private static final Pattern NAME = Pattern.compile(NAMES);

  /** Where a secret lies, or who reads it, is none. */
  private static final Pattern ABOUT =
      Pattern.compile("[._-]?(provider|providers|class|enabled|path|file|algorithm)$|File$");

  private static final String QUOTED = "\"[^\"]*\"|'[^']*'";

  /** {@code -Dname=value} of a JVM. */
  private static final Pattern OPTION =
      Pattern.compile("(-D[^=\\s\"']{1,200}+)(=)(" + QUOTED + "|\\S+)");

  /** {@code name=value} or {@code name: value} of properties, also inside of YAML. */
  private static final Pattern SETTING =
      Pattern.compile(
          "(\\b(?:spark|fs|hadoop|dfs|hive|javax?|ssl|aws)\\.[\\w.-]{1,200}+)"
              + "([\"']?\\s*[=:]\\s*|\\s+is\\s+)"
              + "("
              + QUOTED
              + "|[^\\s,;{}\\[\\])\"'][^\\s,;}\\])\"']*)");

  /** {@code scheme://user:password@host}; Azure has the container before the sign. */
  private static final Pattern USER =
      Pattern.compile(
          "\\b((?!abfs|wasb)[a-z][a-z0-9+.-]{0,20}+://)[^/\\s@\"']{1,500}+@",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern QUERY = Pattern.compile("([?&]([\\w-]{1,100}+)=)([^&\\s\"']+)");

  private static final Pattern SIGNATURE =
      Pattern.compile(
          "sig|signature|.*[_-]signature|.*(secret|password|token|credential).*",
          Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  /** Whether the setting of this name holds a secret. */
  public static boolean isSecret(String name) {
    return NAME.matcher(name).find() && !ABOUT.matcher(name).find();
  }

  /** The value of a setting as it may be written. */
  public static String shown(String name, String value) {
    return isSecret(name) ? HIDDEN : shown(value);
  }

  /**
   * A text as it may be written: without the values of secret settings, and without users in URLs.
   */
  public static String shown(String text) {
    String settings = withoutValues(SETTING, withoutValues(OPTION, text));
    String users = USER.matcher(settings).replaceAll("$1" + HIDDEN + "@");
    return QUERY
        .matcher(users)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    SIGNATURE.matcher(found.group(2)).matches()
                        ? found.group(1) + HIDDEN
                        : found.group()));
  }

  private static String withoutValues(Pattern settings, String text) {
    return settings
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    isSecret(found.group(1))
                        ? found.group(1) + found.group(2) + HIDDEN
                        : found.group()));
  }
}
