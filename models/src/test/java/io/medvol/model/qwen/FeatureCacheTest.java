package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.ImageGrid;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How often a tower is asked. */
class FeatureCacheTest {
  private static final ImageGrid WIDE = new ImageGrid(1, 2, 4);
  private static final ImageGrid TALL = new ImageGrid(1, 4, 2);

  /** Bytes of what the tower gives for one prompt. */
  private static final long ONE = 4 * Float.BYTES;

  private final TorchRuntime runtime = TorchRuntime.open();
  private int encoded;

  @AfterEach
  void close() {
    runtime.close();
  }

  private VisionFeatures encode(TensorScope scope, Prompt prompt) {
    encoded++;
    float first = prompt.encoded().pixelValues()[0];
    return new VisionFeatures(
        scope.floats(new float[] {first, 1, 2}, 1, 3), List.of(scope.floats(new float[] {7}, 1)));
  }

  private static Prompt prompt(float pixel, ImageGrid grid) {
    EncodedPrompt given =
        new EncodedPrompt(TokenIds.of(1), new float[] {pixel, 5, 6}, List.of(grid));
    return new Prompt(given, null, null, TokenIds.of());
  }

  private void assertFeatures(FeatureCache cache, float pixel, ImageGrid grid, int calls) {
    try (TensorScope scope = runtime.compute(GradientMode.NONE)) {
      VisionFeatures features = cache.of(scope, prompt(pixel, grid));
      assertThat(Tensors.floats(features.merged())).containsExactly(pixel, 1, 2);
      assertThat(Tensors.floats(features.deepstack().get(0))).containsExactly(7);
    }
    assertThat(encoded).as("pictures encoded").isEqualTo(calls);
  }

  @Test
  void picturesSeenBeforeAreNotEncodedAgain() {
    try (FeatureCache cache = new FeatureCache(runtime, this::encode, 8 * ONE)) {
      assertFeatures(cache, 1, WIDE, 1);
      assertFeatures(cache, 1, WIDE, 1);
      assertFeatures(cache, 2, WIDE, 2);
      assertFeatures(cache, 1, TALL, 3);
      assertFeatures(cache, 2, WIDE, 3);
      assertThat(cache.size()).isEqualTo(3);
    }
    assertThat(runtime.liveTensors()).isZero();
  }

  @Test
  void thoseNotUsedForLongestMakeRoom() {
    try (FeatureCache cache = new FeatureCache(runtime, this::encode, 2 * ONE)) {
      assertFeatures(cache, 1, WIDE, 1);
      assertFeatures(cache, 2, WIDE, 2);
      assertFeatures(cache, 1, WIDE, 2);
      assertFeatures(cache, 3, WIDE, 3);
      assertFeatures(cache, 1, WIDE, 3);
      assertFeatures(cache, 2, WIDE, 4);
      assertThat(cache.size()).isEqualTo(2);
    }
  }
}
