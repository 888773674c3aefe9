package io.medvol.spark.cli;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks the machine, or predicts how much of its memory a run takes. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Checks the machine, or predicts the memory a run needs.",
    footer = {
      "",
      "Examples: medvol doctor --master spark://head:7077",
      "          medvol doctor --estimate --model qwen2-vl --slices 64 --size 448 --group 8"
    })
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Also tries to reach this Spark master, such as spark://head:7077.")
  private String master;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where a run would write; its free space is checked.")
  private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

  @ArgGroup(exclusive = false, heading = "Memory of a run:%n")
  private MemoryQuestion question;

  @Override
  public Integer call() {
    if (question != null) {
      return tell(List.of(question.rollout(), question.update()));
    }
    return tell(Checkup.of(folder, master));
  }

  private int tell(List<Finding> findings) {
    findings.forEach(finding -> spec.commandLine().getOut().println(finding.line()));
    spec.commandLine().getOut().flush();
    long faults = findings.stream().filter(finding -> !finding.good()).count();
    if (faults > 0) {
      throw new MedVolException(
          ErrorCode.RESOURCE, faults + " of " + findings.size() + " checks failed, see above");
    }
    return 0;
  }
}
