package io.medvol.grpo.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.storage.Storage;
import io.medvol.grpo.optim.OptimizerState;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.PolicyState;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one run, a folder {@code step-NNNNNN} each: a model directory, {@code
 * trainer_state.json}, {@code trainer_state.safetensors} (float32 parameters and both moments), and
 * {@code manifest.json}, which is committed last. Equal states give equal bytes. One thread at a
 * time, one run at a time.
 */
public final class CheckpointStore {
  /** The file of a checkpoint that is no part of its model: parameters and both moments. */
  public static final String VECTORS = "trainer_state.safetensors";

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final Pattern NAME = Pattern.compile("step-[0-9]{6,9}");
  private static final String PARAMETERS = "parameters";
  private static final String EXP_AVG = "exp_avg";
  private static final String EXP_AVG_SQ = "exp_avg_sq";
  private static final String ROLLOUT_PARAMETERS = "rollout_parameters";
  private static final String BEST = "best";

  private final Storage storage;
  private final String folder;
  private final ModelExport export;
  private final int keep;

  /**
   * @param folder of the checkpoints, such as {@code RUN/checkpoints}
   * @param keep newest checkpoints that are kept, at least 1
   */
  public CheckpointStore(Storage storage, String folder, ModelExport export, int keep) {
    this.storage = Objects.requireNonNull(storage, "storage");
    this.folder = Objects.requireNonNull(folder, "folder");
    this.export = Objects.requireNonNull(export, "export");
    if (keep < 1) {
      throw new IllegalArgumentException("A run keeps at least one checkpoint, not " + keep);
    }
    this.keep = keep;
  }

  /** Where the checkpoint before this step lies, whether it exists or not. */
  public String path(int step) {
    return folder + "/" + String.format(Locale.ROOT, "step-%06d", step);
  }

  /** Writes the state, visible once complete, and removes checkpoints that are too many. */
  public void save(TrainingState state) {
    write(state, path(state.step()));
    try {
      removeSurplus();
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /** Where the best checkpoint lies, whether it exists or not. */
  public String bestPath() {
    return folder + "/" + BEST;
  }

  /** Writes the state as the best one, in place of any before it. */
  public void saveBest(TrainingState state) {
    write(state, bestPath());
  }

  private void write(TrainingState state, String target) {
    try {
      remove(target);
      DigestingFiles files = new DigestingFiles(storage, target);
      export.write(state.policy().parameters(), files::create);
      Map<String, FloatVector> vectors = new TreeMap<>();
      vectors.put(PARAMETERS, state.policy().parameters());
      vectors.put(EXP_AVG, state.optimizer().expAvg());
      vectors.put(EXP_AVG_SQ, state.optimizer().expAvgSq());
      state
          .olderRolloutPolicy()
          .ifPresent(policy -> vectors.put(ROLLOUT_PARAMETERS, policy.parameters()));
      try (var out = files.create(VECTORS)) {
        VectorFile.write(vectors, out);
      }
      try (var out = files.create(TrainerStateFile.FILE)) {
        out.write(TrainerStateFile.of(state).json());
      }
      storage.commit(
          target + "/" + CheckpointManifest.FILE, CheckpointManifest.of(files.written()).json());
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  private static MedVolException unwritable(String target, IOException cause) {
    return new MedVolException(
        ErrorCode.RESOURCE,
        "Cannot write checkpoint "
            + target
            + ": "
            + cause.getMessage()
            + ". Check space and permissions of the run directory, then run again; it resumes"
            + " from the checkpoint before.",
        cause);
  }

  /**
   * The newest checkpoint. Folders whose manifest was never committed are removed: they are what an
   * interrupted run left. Nothing else is.
   *
   * @throws MedVolException MALFORMED_DATA if a file of a committed one is gone or has other
   *     content than was written: going on would not be the run it claims to be
   */
  public Optional<TrainingState> newest() {
    try {
      List<String> names = names();
      for (int i = 0; i < names.size(); i++) {
        String candidate = Storage.join(folder, names.get(i));
        if (storage.exists(candidate + "/" + CheckpointManifest.FILE)) {
          String otherwise =
              i + 1 < names.size()
                  ? "to resume from " + names.get(i + 1)
                  : "to begin the run anew, since it has no checkpoint before";
          return Optional.of(read(candidate, otherwise));
        }
        LOG.warn("Checkpoint {} was never completed and is removed", candidate);
        remove(candidate);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.RESOURCE, "Cannot read checkpoints in " + folder + ": " + e.getMessage(), e);
    }
  }

  private CheckpointManifest manifest(String candidate, String otherwise) throws IOException {
    try (InputStream in = storage.open(candidate + "/" + CheckpointManifest.FILE)) {
      return CheckpointManifest.parse(in.readAllBytes());
    } catch (JsonProcessingException e) {
      throw changed(candidate + "/" + CheckpointManifest.FILE, "it cannot be read", otherwise, e);
    }
  }

  private void verify(String path, CheckpointManifest.Content written, String otherwise)
      throws IOException {
    if (!storage.exists(path)) {
      throw changed(path, "it is gone", otherwise, null);
    }
    long length = storage.length(path);
    if (length != written.bytes()) {
      throw changed(path, "it has " + length + " bytes, not " + written.bytes(), otherwise, null);
    }
    if (!DigestingFiles.sha256(storage, path).equals(written.sha256())) {
      throw changed(path, "its SHA-256 differs from the manifest", otherwise, null);
    }
  }

  private TrainingState read(String candidate, String otherwise) throws IOException {
    for (var file : manifest(candidate, otherwise).files().entrySet()) {
      verify(candidate + "/" + file.getKey(), file.getValue(), otherwise);
    }
    TrainerStateFile small;
    try (InputStream in = storage.open(candidate + "/" + TrainerStateFile.FILE)) {
      small = TrainerStateFile.parse(in.readAllBytes());
    }
    Map<String, FloatVector> vectors;
    try (InputStream in = storage.open(candidate + "/" + VECTORS)) {
      vectors = VectorFile.read(in, small.parameters());
    }
    FloatVector parameters = vectors.get(PARAMETERS);
    if (!parameters.sha256().equals(small.policyDigest())) {
      throw changed(candidate + "/" + VECTORS, "it is of another policy", otherwise, null);
    }
    return new TrainingState(
        small.step(),
        new PolicyState(small.policyVersion(), small.policyDigest(), parameters),
        rolloutPolicy(small, vectors, candidate, otherwise),
        new OptimizerState(small.optimizerUpdates(), vectors.get(EXP_AVG), vectors.get(EXP_AVG_SQ)),
        small.cursor(),
        small.counters(),
        small.best(),
        small.origin());
  }

  private static PolicyState rolloutPolicy(
      TrainerStateFile small,
      Map<String, FloatVector> vectors,
      String candidate,
      String otherwise) {
    TrainerStateFile.OlderPolicy named = small.rolloutPolicy();
    if (named == null) {
      return null;
    }
    FloatVector parameters = vectors.get(ROLLOUT_PARAMETERS);
    if (parameters == null || !parameters.sha256().equals(named.digest())) {
      throw changed(candidate + "/" + VECTORS, "it is of another policy", otherwise, null);
    }
    return new PolicyState(named.version(), named.digest(), parameters);
  }

  private static MedVolException changed(
      String path, String how, String otherwise, Throwable cause) {
    return new MedVolException(
        ErrorCode.MALFORMED_DATA,
        "Checkpoint file "
            + path
            + " is not what the run wrote: "
            + how
            + ". Restore it, or delete its folder "
            + otherwise
            + ".",
        cause);
  }

  /** Newest first. */
  private List<String> names() throws IOException {
    return storage.list(folder).stream()
        .filter(name -> NAME.matcher(name).matches())
        .sorted(
            Comparator.comparingInt((String name) -> Integer.parseInt(name.substring(5)))
                .reversed())
        .toList();
  }

  private void removeSurplus() throws IOException {
    List<String> names = names();
    for (String name : names.subList(Math.min(keep, names.size()), names.size())) {
      remove(folder + "/" + name);
    }
  }

  /** The manifest goes first, so that a half-removed checkpoint does not exist. */
  private void remove(String candidate) throws IOException {
    storage.delete(candidate + "/" + CheckpointManifest.FILE);
    storage.delete(candidate);
  }
}
