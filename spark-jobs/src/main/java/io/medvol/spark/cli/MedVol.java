package io.medvol.spark.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The entry point of {@code ./medvol} and of {@code spark-submit}.
 *
 * <p>Exit status: 0 done, 1 a bug, 2 bad input or configuration, 3 bad data, 4 a lack of resources,
 * 130 ended by Ctrl-C (SIGINT), 143 by SIGTERM.
 */
@Command(
    name = "medvol",
    mixinStandardHelpOptions = true,
    versionProvider = MedVol.Version.class,
    description =
        "Trains vision-language models to reason over 3-D medical scans, on Apache Spark.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PrepareCommand.class,
      SftCommand.class,
      GrpoCommand.class,
      EvaluateCommand.class,
      ExportCommand.class,
      MatrixCommand.class,
      AblateCommand.class,
      PicturesCommand.class,
      QuickstartCommand.class,
      PretrainCommand.class,
      TrainSegmenterCommand.class,
      MeasureSegmenterCommand.class,
      ConfigCommand.class,
      DoctorCommand.class
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:a bug of MedVol-Spark",
      "2:bad input or configuration",
      "3:bad data",
      "4:a lack of resources, such as memory or a place to write",
      "130:ended by Ctrl-C (SIGINT)",
      "143:ended by SIGTERM, as schedulers send it"
    },
    footer = {
      "",
      "Try it: medvol quickstart",
      "'medvol COMMAND --help' tells the options of a command."
    })
public final class MedVol {
  static final String LOG_LEVEL = "medvol.log.level";

  private MedVol() {}

  public static void main(String[] args) {
    // Before the first logger exists.
    if (Arrays.asList(args).contains("--verbose") && System.getProperty(LOG_LEVEL) == null) {
      System.setProperty(LOG_LEVEL, "info");
    }
    Interruption interruption = Interruption.awaited(args);
    ScratchFolder scratch = ScratchFolder.take(Path.of(System.getProperty("java.io.tmpdir")));
    int status =
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            args);
    System.out.flush();
    scratch.close();
    interruption.finished();
    // Ends threads that Spark and its file systems leave behind.
    System.exit(status);
  }

  /** Runs one command in this JVM and returns its exit status. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine commandLine = new CommandLine(new MedVol());
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(FailureReport::usage);
    commandLine.setExecutionExceptionHandler(FailureReport::failure);
    if (args.length == 0) {
      commandLine.usage(out);
      return 0;
    }
    return commandLine.execute(args);
  }

  /** The version the jar was built as. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = MedVol.class.getPackage().getImplementationVersion();
      return new String[] {"MedVol-Spark " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
