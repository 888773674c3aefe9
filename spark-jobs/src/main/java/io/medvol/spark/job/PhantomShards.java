package io.medvol.spark.job;

import io.medvol.data.config.EffectiveConfig;
import io.medvol.data.dataset.summary.PreparationSummary;
import io.medvol.data.phantom.PhantomConfig;
import io.medvol.data.phantom.PhantomFolder;
import io.medvol.spark.config.MedVolConfig;
import io.medvol.spark.session.SparkScope;
import java.io.IOException;

/** Makes phantoms and prepares them like any other data set, below a run. */
record PhantomShards(SparkScope spark, EffectiveConfig<MedVolConfig> effective, Progress progress) {
  /** Keeps phantoms that are measured on apart from those of the same seed that are learnt from. */
  private static final long MEASURED = 1_000_003;

  /** The folder of the shards. */
  String make(OutputFolder run, String name, PhantomConfig phantoms) throws IOException {
    String scans = run.resolve("scans/" + name);
    String shards = run.resolve("shards/" + name);
    progress.begin("Making " + phantoms.volumes() + " phantoms (" + name + ")");
    PhantomFolder.write(run.storage(), scans, phantoms);
    OutputFolder output = OutputFolder.open(run.storage(), shards, "prepare", effective);
    PreparationSummary result =
        new PrepareJob(spark.session(), effective.value().prepare(), progress).run(scans, output);
    output.finish(result.metrics());
    return shards;
  }

  /** Phantoms of the same kind from a seed apart. */
  static PhantomConfig measured(PhantomConfig like, int volumes) {
    return new PhantomConfig(
        volumes,
        like.seed() + MEASURED,
        like.slices(),
        like.rows(),
        like.columns(),
        like.centreJitter(),
        like.noise(),
        like.lesionShare(),
        like.bodyShift());
  }
}
