package io.medvol.spark.cli;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.OutputFolder;
import io.medvol.spark.job.PolicyLocation;
import io.medvol.spark.session.SparkScope;
import io.medvol.spark.session.SparkSessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands that work on shards with a model have in common. */
abstract class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions config;
  @Mixin private PolicyOptions policy;

  @Option(
      names = "--shards",
      required = true,
      paramLabel = "DIR",
      description = "Folder that 'medvol prepare' wrote.")
  private String shards;

  @Option(
      names = "--run",
      required = true,
      paramLabel = "DIR",
      description = "Folder for what the run leaves behind; made if absent.")
  private String run;

  @Option(names = "--master", paramLabel = "URL", description = "Spark's master, such as local[4].")
  private String master;

  /** Where a command works. */
  record Place(
      SparkScope spark,
      EffectiveConfig<MedVolConfig> effective,
      String shards,
      PolicyLocation policy,
      OutputFolder run,
      ConsoleProgress progress) {
    MedVolConfig config() {
      return effective.value();
    }
  }

  /** The same configuration with further settings. */
  final EffectiveConfig<MedVolConfig> with(List<String> further) {
    List<String> all = new ArrayList<>(settings());
    all.addAll(further);
    return config.load(all);
  }

  /** Settings that the command's own options stand for. */
  abstract List<String> settings();

  abstract void run(Place place);

  /** Looks at what a command needs beside shards and model, before Spark starts. */
  void requireMore(MedVolConfig given) {}

  @Override
  public Integer call() {
    EffectiveConfig<MedVolConfig> effective = config.load(settings());
    String from = Storages.absolute(shards);
    PolicyLocation start = policy.location();
    Preflight.require(effective.value(), from, start);
    requireMore(effective.value());
    String to = Storages.absolute(run);
    try (RunPlace place = RunPlace.take(to, effective.value().spark());
        SparkScope spark =
            SparkSessions.open(
                "medvol " + spec.name(), effective.value().spark(), Optional.ofNullable(master))) {
      OutputFolder folder = OutputFolder.open(place.storage(), to, spec.name(), effective);
      run(
          new Place(
              spark,
              effective,
              from,
              start,
              folder,
              ConsoleProgress.on(spec.commandLine().getOut())));
    }
    return 0;
  }
}
