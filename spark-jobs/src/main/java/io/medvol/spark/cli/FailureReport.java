package io.medvol.spark.cli;

import io.medvol.data.config.Secrets;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** How a failure is said: one sentence for the user's, a stack trace for a bug. */
final class FailureReport {
  /** As Linux says it, in whatever a library wraps it. */
  private static final String NO_SPACE = "No space left on device";

  private FailureReport() {}

  static int usage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(Secrets.shown("medvol: " + failure.getMessage()));
    UsageHint.of(failure, args).map(Secrets::shown).ifPresent(err::println);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ErrorCode.INVALID_INPUT.exitCode();
  }

  static int failure(Exception failure, CommandLine command, ParseResult arguments) {
    PrintWriter err = command.getErr();
    Optional<MedVolException> known = known(failure);
    int status;
    if (Interruption.isUnderWay()) {
      // It is the consequence of a signal, of which the person has been told.
      status = ErrorCode.INTERNAL.exitCode();
    } else if (known.isPresent()) {
      err.println(Secrets.shown("medvol: " + known.get().getMessage()));
      if (arguments.expandedArgs().contains("--verbose")) {
        err.print(Secrets.shown(trace(failure)));
      }
      status = known.get().code().exitCode();
    } else if (has(failure, OutOfMemoryError.class)) {
      err.println(
          "medvol: The Java heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB is too small; give more, as in MEDVOL_HEAP=16g.");
      status = ErrorCode.RESOURCE.exitCode();
    } else if (lacksSpace(failure)) {
      err.println(
          "medvol: There is no space left on a disk that is written to; free some, or name other"
              + " folders by --run or --output, TMPDIR and DJL_CACHE_DIR.");
      if (arguments.expandedArgs().contains("--verbose")) {
        err.print(Secrets.shown(trace(failure)));
      }
      status = ErrorCode.RESOURCE.exitCode();
    } else {
      err.println("medvol: This is a bug, please report it with what follows.");
      err.print(Secrets.shown(trace(failure)));
      status = ErrorCode.INTERNAL.exitCode();
    }
    err.flush();
    return status;
  }

  private static String trace(Exception failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  /** The failure a person can act on, however deep Spark has wrapped it. */
  private static Optional<MedVolException> known(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MedVolException known) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  private static boolean lacksSpace(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(NO_SPACE)) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
