package io.medvol.spark.cli;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.hadoop.Storages;
import io.medvol.spark.job.AblationJob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares variants of the settings. */
@Command(
    name = "ablate",
    mixinStandardHelpOptions = true,
    description =
        "Trains a model once for each variant under ablation.variants, supervised and by GRPO, and"
            + " tests all on the same held-out shards.",
    footer = {
      "",
      "Example: medvol ablate --config conf/ablation.yaml --shards runs/quickstart/shards/training"
          + " --held-out runs/quickstart/shards/held-out --model runs/quickstart/model"
          + " --run runs/ablation"
    })
final class AblateCommand extends RunCommand {
  @Option(
      names = "--held-out",
      required = true,
      paramLabel = "DIR",
      description = "Shards that nothing is trained on.")
  private String heldOut;

  @Override
  List<String> settings() {
    return List.of();
  }

  @Override
  void requireMore(MedVolConfig given) {
    if (given.ablation().variants().isEmpty()) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "ablation.variants is empty; name what is to be compared, as conf/ablation.yaml does.");
    }
    given.ablation().variants().values().forEach(this::with);
    Preflight.requireShards(given, Storages.absolute(heldOut));
  }

  @Override
  void run(Place place) {
    Map<String, List<String>> variants = place.config().ablation().variants();
    Map<String, EffectiveConfig<MedVolConfig>> effective = new LinkedHashMap<>();
    variants.forEach((name, settings) -> effective.put(name, with(settings)));
    place
        .run()
        .finish(
            new AblationJob(place.spark(), place.progress())
                .run(
                    effective,
                    place.shards(),
                    Storages.absolute(heldOut),
                    place.policy(),
                    place.run()));
    place.progress().say("Table: " + place.run().resolve("ablation.csv"));
  }
}
