package io.medvol.grpo.checkpoint;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.medvol.model.directory.ModelDigests;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;

/** The small part of a {@link TrainingState}, as {@code trainer_state.json}. */
@JsonPropertyOrder({"step", "policyVersion", "policyDigest", "parameters", "optimizerUpdates"})
record TrainerStateFile(
    int step,
    long policyVersion,
    String policyDigest,
    int parameters,
    long optimizerUpdates,
    SamplerCursor cursor,
    TrainingState.Counters counters,
    BestSoFar best,
    OlderPolicy rolloutPolicy,
    String initialDigest,
    String configDigest,
    SortedMap<String, String> settings,
    SortedMap<String, String> modelFiles,
    SortedSet<String> machines) {
  /** Name of the policy the next step is drawn from, where that is an older one. */
  record OlderPolicy(long version, String digest) {}

  static final String FILE = "trainer_state.json";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT);

  static TrainerStateFile of(TrainingState state) {
    return new TrainerStateFile(
        state.step(),
        state.policy().version(),
        state.policy().digest(),
        state.policy().parameters().length(),
        state.optimizer().updates(),
        state.cursor(),
        state.counters(),
        state.best(),
        state
            .olderRolloutPolicy()
            .map(policy -> new OlderPolicy(policy.version(), policy.digest()))
            .orElse(null),
        state.origin().initialDigest(),
        state.origin().configDigest(),
        state.origin().settings(),
        state.origin().model().digests(),
        state.origin().machines());
  }

  /** Checkpoints of earlier versions hold digests alone. */
  RunOrigin origin() {
    return new RunOrigin(
        configDigest,
        initialDigest,
        settings == null ? Collections.emptySortedMap() : settings,
        modelFiles == null ? ModelDigests.none() : new ModelDigests(modelFiles),
        machines == null ? Collections.emptySortedSet() : machines);
  }

  byte[] json() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  static TrainerStateFile parse(byte[] json) throws IOException {
    return JSON.readValue(json, TrainerStateFile.class);
  }
}
