package io.medvol.grpo.segment;

import io.medvol.data.volume.GridSize;
import io.medvol.model.image.ImageSize;
import io.medvol.model.image.PillowBicubic;
import io.medvol.model.sam2.train.Clip;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Draws clips from phantoms. What a step gets is a function of the recipe and the step alone.
 * Thread-safe.
 */
final class ClipSampler {
  private static final double LESION_WEIGHT = 1.5;
  private static final double KEY_SLICE_SHARE = 0.5;
  private static final double EXACT_BOX_SHARE = 0.4;
  private static final double STRIDE_SHARE = 0.3;
  private static final int STRIDE_SLICES = 20;

  private final SegmenterConfig config;
  private final int side;
  private final AtomicReferenceArray<PhantomVolume> volumes;

  ClipSampler(SegmenterConfig config) {
    this.config = config;
    this.side = config.network().imageSize();
    this.volumes = new AtomicReferenceArray<>(config.phantoms().volumes());
  }

  /** Clips first, then single slices; each kind has the weight 1 in all. */
  List<Clip> draw(SegmenterStage stage, long step) {
    SplittableRandom random =
        new SplittableRandom(config.seed() * 0x9E3779B97F4A7C15L ^ step * 0xC2B2AE3D27D4EB4FL);
    List<Clip> clips = new ArrayList<>();
    for (int i = 0; i < stage.clips(); i++) {
      clips.add(clip(random.split(), stage.slices(), 1.0 / stage.clips()));
    }
    for (int i = 0; i < stage.stills(); i++) {
      clips.add(clip(random.split(), 1, 1.0 / stage.stills()));
    }
    return clips;
  }

  private Clip clip(SplittableRandom random, int length, double weight) {
    PhantomVolume volume = volume(random.nextInt(volumes.length()));
    PhantomVolume.Target target = target(volume, random);
    int[] slices = slices(volume, target, length, random);
    Variation variation = Variation.draw(random);
    List<Clip.Slice> shown = new ArrayList<>();
    for (int slice : slices) {
      shown.add(
          new Clip.Slice(
              variation.grey(resized(volume, volume.greys(), slice, variation, side)),
              coverage(resized(volume, target.mask(), slice, variation, side / 2)),
              target.areas()[slice] > 0));
    }
    return new Clip(
        shown, box(volume, target, slices[0], variation, random), volume.size().slices(), weight);
  }

  private PhantomVolume volume(int index) {
    PhantomVolume volume = volumes.get(index);
    if (volume == null) {
      volume = PhantomVolume.generate(config.phantoms().seed(), index);
      volumes.set(index, volume);
    }
    return volume;
  }

  private static PhantomVolume.Target target(PhantomVolume volume, SplittableRandom random) {
    List<PhantomVolume.Target> targets = volume.targets();
    double total = targets.stream().mapToDouble(ClipSampler::share).sum();
    double left = random.nextDouble() * total;
    for (PhantomVolume.Target target : targets) {
      left -= share(target);
      if (left < 0) {
        return target;
      }
    }
    return targets.get(targets.size() - 1);
  }

  private static double share(PhantomVolume.Target target) {
    return target.lesion() ? LESION_WEIGHT : 1;
  }

  /** The prompted slice and those after it in one direction; at the border the last one repeats. */
  private int[] slices(
      PhantomVolume volume, PhantomVolume.Target target, int length, SplittableRandom random) {
    int direction = random.nextBoolean() ? 1 : -1;
    int stride =
        volume.size().slices() >= STRIDE_SLICES && random.nextDouble() < STRIDE_SHARE ? 2 : 1;
    List<Integer> prompts = target.prompts();
    int start =
        random.nextDouble() < KEY_SLICE_SHARE
            ? prompts.get(0)
            : prompts.get(random.nextInt(prompts.size()));
    if (length > 1 && random.nextDouble() < config.phantoms().endShare()) {
      int end = direction > 0 ? target.last() : target.first();
      int reach = (length - 2) * stride;
      List<Integer> near =
          prompts.stream().filter(slice -> Math.abs(end - slice) <= reach).toList();
      if (!near.isEmpty()) {
        start = near.get(random.nextInt(near.size()));
      }
    }
    int[] slices = new int[length];
    for (int i = 0; i < length; i++) {
      int slice = start + i * stride * direction;
      slices[i] = Math.max(0, Math.min(volume.size().slices() - 1, slice));
    }
    return slices;
  }

  private static byte[] resized(
      PhantomVolume volume, byte[] values, int slice, Variation variation, int side) {
    GridSize size = volume.size();
    byte[] own = variation.flipped(volume.slice(values, slice), size.rows(), size.columns());
    return PillowBicubic.resize(
        own, new ImageSize(size.rows(), size.columns()), 1, new ImageSize(side, side));
  }

  private static float[] coverage(byte[] mask) {
    float[] shares = new float[mask.length];
    for (int i = 0; i < mask.length; i++) {
      shares[i] = (mask[i] & 0xff) / 255f;
    }
    return shares;
  }

  private float[] box(
      PhantomVolume volume,
      PhantomVolume.Target target,
      int slice,
      Variation variation,
      SplittableRandom random) {
    GridSize size = volume.size();
    byte[] mask =
        variation.flipped(volume.slice(target.mask(), slice), size.rows(), size.columns());
    double x1 = size.columns();
    double y1 = size.rows();
    double x2 = -1;
    double y2 = -1;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i] != 0) {
        x1 = Math.min(x1, i % size.columns());
        y1 = Math.min(y1, i / size.columns());
        x2 = Math.max(x2, i % size.columns());
        y2 = Math.max(y2, i / size.columns());
      }
    }
    double jitter =
        random.nextDouble() < EXACT_BOX_SHARE
            ? 0
            : random.nextDouble() * config.phantoms().boxJitter();
    double width = jitter * (x2 - x1 + 1);
    double height = jitter * (y2 - y1 + 1);
    x1 = moved(x1, width, size.columns(), random);
    x2 = Math.max(x1, moved(x2, width, size.columns(), random));
    y1 = moved(y1, height, size.rows(), random);
    y2 = Math.max(y1, moved(y2, height, size.rows(), random));
    double scaleX = (double) side / size.columns();
    double scaleY = (double) side / size.rows();
    return new float[] {
      (float) (x1 * scaleX), (float) (y1 * scaleY), (float) (x2 * scaleX), (float) (y2 * scaleY)
    };
  }

  /** By a normal deviate, cut off at 2.5. */
  private static double moved(double edge, double deviation, int length, SplittableRandom random) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    double normal = radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    double shift = deviation * Math.max(-2.5, Math.min(2.5, normal));
    return Math.max(0, Math.min(length - 1, edge + shift));
  }

  /** How a clip is mirrored and how bright it is. */
  private record Variation(boolean mirrored, boolean upsideDown, double gain, double offset) {
    static Variation draw(SplittableRandom random) {
      return new Variation(
          random.nextBoolean(),
          random.nextBoolean(),
          random.nextDouble(0.85, 1.15),
          random.nextDouble(-0.06, 0.06));
    }

    byte[] flipped(byte[] slice, int rows, int columns) {
      byte[] result = new byte[slice.length];
      for (int row = 0; row < rows; row++) {
        int from = (upsideDown ? rows - 1 - row : row) * columns;
        for (int column = 0; column < columns; column++) {
          result[row * columns + column] = slice[from + (mirrored ? columns - 1 - column : column)];
        }
      }
      return result;
    }

    float[] grey(byte[] values) {
      float[] grey = new float[values.length];
      for (int i = 0; i < grey.length; i++) {
        double value = (values[i] & 0xff) / 255.0 * gain + offset;
        grey[i] = (float) Math.max(0, Math.min(1, value));
      }
      return grey;
    }
  }
}
