package io.medvol.bench.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.model.Policies;
import io.medvol.model.lora.FreshAdapter;
import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.TargetModules;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.PolicyOptions;
import io.medvol.model.policy.Precision;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** GRPO with a low-rank adapter, measured as the peer measures itself; prints one JSON line. */
@Command(name = "grpo", mixinStandardHelpOptions = true)
final class GrpoRun implements Runnable {
  private static final String TARGETS =
      ".*language_model.*\\.(q_proj|k_proj|v_proj|o_proj|gate_proj|up_proj|down_proj)";

  /** Between float32 sums in another order; the log-probabilities are near -7. */
  private static final double TOLERANCE = 1e-3;

  /** Of bfloat16 against the peer's float32. */
  private static final double ROUNDED_TOLERANCE = 0.5;

  @Option(names = "--model", required = true, description = "Folder the peer's model was saved to.")
  private Path model;

  @Option(names = "--slices", defaultValue = "16")
  private int slices;

  @Option(names = "--group", defaultValue = "8")
  private int group;

  @Option(names = "--length", defaultValue = "48")
  private int length;

  @Option(names = "--steps", defaultValue = "5")
  private int steps;

  @Option(names = "--warmup", defaultValue = "2")
  private int warmup;

  @Option(names = "--threads", defaultValue = "2")
  private int threads;

  @Option(names = "--precision", defaultValue = "FP32", description = "FP32 or BF16.")
  private Precision precision;

  @Option(names = "--checkpointing", defaultValue = "NONE", description = "NONE or LAYERS.")
  private ActivationCheckpointing checkpointing;

  /** Runs the command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new GrpoRun()).execute(arguments));
  }

  @Override
  public void run() {
    PeerPrompt prompt = PeerPrompt.read(model, slices);
    LoraConfig lora = new LoraConfig(8, 16, TargetModules.Expression.of(TARGETS));
    Meter meter = new Meter();
    PolicyOptions options =
        PolicyOptions.defaults().withPrecision(precision).withCheckpointing(checkpointing);
    try (PolicyModel policy =
        Policies.loadAdapted(model, new FreshAdapter(lora, 0), options, threads)) {
      double difference = prompt.difference(policy);
      if (!(difference <= (precision == Precision.FP32 ? TOLERANCE : ROUNDED_TOLERANCE))) {
        throw new IllegalStateException(
            "Log-probabilities differ from the peer's by "
                + difference
                + ": a speed without equal results is void");
      }
      TrainedStep step = new TrainedStep(policy, group, length, meter);
      for (int i = 0; i < warmup; i++) {
        step.run(prompt);
      }
      meter.reset();
      double cpu = Meter.cpuSeconds();
      long start = System.nanoTime();
      for (int i = 0; i < steps; i++) {
        step.run(prompt);
      }
      double wall = (System.nanoTime() - start) / 1e9;
      print(policy, prompt, step, meter, wall, Meter.cpuSeconds() - cpu, difference);
    }
  }

  private void print(
      PolicyModel policy,
      PeerPrompt prompt,
      TrainedStep step,
      Meter meter,
      double wall,
      double cpu,
      double difference) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("peer", "medvol");
    line.put("model", model.getFileName().toString());
    line.put("tuning", "lora");
    line.put("slices", slices);
    line.put("size", prompt.size());
    line.put("group", group);
    line.put("prompts", 1);
    line.put("micro_batch", group);
    line.put("completion_tokens", length);
    line.put("prompt_tokens", policy.encode(prompt.messages(0)).tokens().length());
    line.put("trainable", policy.layout().size());
    line.put("precision", precision);
    line.put("checkpointing", checkpointing);
    line.put("threads", threads);
    line.put("steps", steps);
    line.put("completions_per_second", rounded(steps * group / wall));
    line.put("wall_seconds", rounded(wall));
    line.put("cpu_seconds", rounded(cpu));
    for (String part : new String[] {"generation", "preparation", "update", "optimizer"}) {
      line.put(part + "_seconds", rounded(meter.seconds(part)));
    }
    line.put("peak_rss_mb", Meter.peakResidentMebibytes());
    line.put("mean_completion_length", length);
    line.put("reward_std", rounded(step.rewardStd()));
    line.put("grad_norm", rounded(step.gradNorm()));
    line.put("log_prob_difference", difference);
    line.put("load_average", Math.round(Meter.loadAverage() * 10) / 10.0);
    try {
      System.out.println(new ObjectMapper().writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
