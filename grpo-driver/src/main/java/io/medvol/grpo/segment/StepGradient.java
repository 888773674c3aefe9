package io.medvol.grpo.segment;

import io.medvol.model.sam2.Sam2Config;
import io.medvol.model.sam2.train.Clip;
import io.medvol.model.sam2.train.LossReport;
import io.medvol.model.sam2.train.LossWeights;
import io.medvol.model.sam2.train.SegmenterTeacher;
import io.medvol.model.sam2.train.SegmenterWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The gradient of a step's clips. They are cut into parts, which threads work on at once, and the
 * parts' gradients are summed in order; the next step's clips are drawn meanwhile.
 */
final class StepGradient implements AutoCloseable {
  /** A step's gradient, valid until the next is asked for. */
  record Sum(float[] gradient, LossReport report) {}

  private record Drawn(long step, CompletableFuture<List<Clip>> clips) {}

  private final ClipSampler sampler;
  private final List<SegmenterTeacher> teachers = new ArrayList<>();
  private final float[][] gradients;
  private final ExecutorService threads;
  private Drawn ahead;

  StepGradient(SegmenterConfig config, Sam2Config network, SegmenterWeights weights) {
    this.sampler = new ClipSampler(config);
    this.gradients = new float[config.partitions()][weights.layout().size()];
    for (int i = 0; i < config.partitions(); i++) {
      teachers.add(new SegmenterTeacher(network, weights));
    }
    this.threads =
        Executors.newFixedThreadPool(
            config.partitions() + 1,
            work -> {
              Thread thread = new Thread(work, "segmenter-training");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * @param next stage of the next step, null if there is none
   */
  Sum at(
      float[] parameters,
      SegmenterStage stage,
      long step,
      LossWeights losses,
      SegmenterStage next) {
    List<Clip> clips =
        ahead != null && ahead.step() == step ? wait(ahead.clips()) : sampler.draw(stage, step);
    if (next != null) {
      ahead =
          new Drawn(
              step + 1, CompletableFuture.supplyAsync(() -> sampler.draw(next, step + 1), threads));
    }
    List<CompletableFuture<LossReport>> parts = new ArrayList<>();
    for (int part = 0; part < teachers.size(); part++) {
      List<Clip> own = part(clips, part);
      float[] gradient = gradients[part];
      Arrays.fill(gradient, 0);
      SegmenterTeacher teacher = teachers.get(part);
      parts.add(
          CompletableFuture.supplyAsync(
              () ->
                  own.isEmpty()
                      ? LossReport.NONE
                      : teacher.accumulate(parameters, own, losses, gradient),
              threads));
    }
    LossReport report = LossReport.NONE;
    for (CompletableFuture<LossReport> part : parts) {
      report = report.plus(wait(part));
    }
    float[] sum = gradients[0];
    for (int part = 1; part < gradients.length; part++) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += gradients[part][i];
      }
    }
    return new Sum(sum, report);
  }

  /** Every so-manieth clip, so that each part has its share of long ones. */
  private List<Clip> part(List<Clip> clips, int part) {
    List<Clip> own = new ArrayList<>();
    for (int i = part; i < clips.size(); i += teachers.size()) {
      own.add(clips.get(i));
    }
    return own;
  }

  float[] featureStatistics(float[] parameters, SegmenterStage stills) {
    return teachers.get(0).featureStatistics(parameters, sampler.draw(stills, -1));
  }

  private static <T> T wait(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    teachers.forEach(SegmenterTeacher::close);
  }
}
