package io.medvol.spark.config;

/** Everything that can be configured; a command reads the groups it needs. */
public record MedVolConfig(PrepareConfig prepare, SparkConfig spark) {
  public static MedVolConfig defaults() {
    return new MedVolConfig(PrepareConfig.defaults(), SparkConfig.defaults());
  }
}
