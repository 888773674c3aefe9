package io.medvol.model.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.medvol.model.policy.ActivationCheckpointing;
import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TrainableParameters;
import io.medvol.model.qwen.TokenHead.Wanted;
import io.medvol.model.tensor.DType;
import io.medvol.model.tensor.GradientMode;
import io.medvol.model.tensor.PackedProducts;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is there to save time or memory saves it; that values stay the same is tested elsewhere. */
class SavedWorkTest {
  /** Fifteen rows of logits take 6.6 MB; the allocator rounds up. */
  private static final long LARGEST_CHUNK = 40L << 20;

  private static GoldenModel model;

  @BeforeAll
  static void open() {
    model = GoldenModel.open(Golden.models("qwen3_vl").get(0));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Prompt prompt(int length) {
    int[] ids = IntStream.range(0, length).map(i -> 3 + i % 50).toArray();
    return Prompt.of(model.config(), new EncodedPrompt(TokenIds.of(ids), new float[0], List.of()));
  }

  private static List<TokenIds> answers(int count) {
    return IntStream.range(0, count).mapToObj(i -> TokenIds.of(4, 5, 6 + i)).toList();
  }

  @Test
  void aGroupsPromptIsOneRowOfItsPass() {
    PackedGroup group = new PackedGroup(prompt(20), answers(8));
    assertThat(group.ids()).hasSize(20 + 8 * 2);
    assertThat(group.targets()).hasSize(8 * 3);
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      NDArray hidden = model.network().hidden(scope, group, layer -> {});
      assertThat(hidden.getShape().get(0)).isEqualTo(20 + 8 * 2);
    }
  }

  @Test
  void aGroupsPromptIsOnceInItsCache() {
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      KvCache cache = new KvCache(scope, model.config().text(), DType.F32, 100, 8, 4);
      assertThat(cache.layer(0).get(0).getShape().get(2)).isEqualTo(100 + 8 * 4);
      cache.step();
      assertThat(cache.latest(new int[] {0, 3})).containsExactly(100, 103);
      cache.step();
      assertThat(cache.latest(new int[] {3})).containsExactly(111);
    }
  }

  @Test
  void completionsThatEndedAreNotComputed() {
    assertThat(GroupDecoder.rows(8, 8, 2)).isEqualTo(8);
    assertThat(GroupDecoder.rows(5, 8, 2)).isEqualTo(5);
    assertThat(GroupDecoder.rows(1, 8, 2)).as("no fewer than four").isEqualTo(4);
    assertThat(GroupDecoder.rows(5, 8, 7)).as("35 rows are a block and three").isEqualTo(6);
    assertThat(GroupDecoder.rows(1, 1, 7)).isEqualTo(1);
  }

  /** The graph holds the activations; without one there is nothing to keep them. */
  @Test
  void recomputingKeepsNoGraphBetweenThePasses() {
    TrainableWeights.of(model.runtime(), model.network(), TrainableParameters.LANGUAGE_MODEL);
    PackedGroup group = new PackedGroup(prompt(20), answers(2));
    assertThat(recorded(group, ActivationCheckpointing.NONE)).isTrue();
    assertThat(recorded(group, ActivationCheckpointing.LAYERS)).isFalse();
  }

  @Test
  void recomputingKeepsNoGraphOfALayer() {
    TrainableWeights.of(model.runtime(), model.network(), TrainableParameters.LANGUAGE_MODEL);
    try (TensorScope scope = model.runtime().compute(GradientMode.RECORD)) {
      RecomputedPass pass = new RecomputedPass(model.runtime(), model.network(), scope);
      pass.forward(new PackedGroup(prompt(20), answers(2)));
      assertThat(pass.kept()).hasSize(model.network().decoder().layers() + 1);
      assertThat(pass.kept()).noneMatch(scope.ops()::isRecorded);
    }
  }

  private static boolean recorded(PackedGroup group, ActivationCheckpointing checkpointing) {
    try (TensorScope scope = model.runtime().compute(GradientMode.RECORD)) {
      TrainingPass pass = TrainingPass.of(checkpointing, model.runtime(), model.network(), scope);
      return scope.ops().isRecorded(pass.forward(group));
    }
  }

  @Test
  void matricesArePackedForGroupsAndNotForOne() {
    try (TensorScope scope = model.runtime().compute(GradientMode.NONE)) {
      Decoder decoder = model.network().decoder();
      List<NDArray> plain = decoder.stepWeights(scope.ops(), 1).packed();
      List<NDArray> packed = decoder.stepWeights(scope.ops(), 8).packed();
      long copies =
          IntStream.range(0, plain.size())
              .filter(i -> !plain.get(i).isEmpty() && packed.get(i) != plain.get(i))
              .count();
      assertThat(PackedProducts.areRight()).isTrue();
      assertThat(copies).isEqualTo(7L * decoder.layers());
    }
  }

  /** All logits at once would be 4 million and take more than 120 MiB. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void logitsAreNeverAllThereAtOnce() throws IOException {
    int vocabulary = 10_000;
    int hidden = 4;
    int[] targets = IntStream.range(0, 400).map(i -> 7 * i).toArray();
    double[] seeds = IntStream.range(0, targets.length).mapToDouble(i -> 1 - i / 300.0).toArray();
    Random random = new Random(1);
    float[] table = noise(random, vocabulary * hidden);
    float[] rows = noise(random, targets.length * hidden);
    try (TorchRuntime runtime = TorchRuntime.open();
        TensorScope scope = runtime.compute(GradientMode.NONE)) {
      NDArray head = scope.floats(table, vocabulary, hidden);
      NDArray bias = scope.floats(new float[vocabulary], vocabulary);
      NDArray states = scope.floats(rows, targets.length, hidden);
      TokenHead chunked = new TokenHead(head, bias, 0.7, 15 * vocabulary);
      scoreAndDifferentiate(chunked, scope, states, targets, seeds);
      long before = forgetPeak();
      float[] found = scoreAndDifferentiate(chunked, scope, states, targets, seeds);
      long taken = peak() - before;
      assertThat(taken).isLessThan(LARGEST_CHUNK);
      assertThat(chunked.chunk()).isEqualTo(15);
      TokenHead whole = new TokenHead(head, bias, 0.7);
      assertThat(whole.chunk()).isGreaterThan(targets.length);
      float[] expected = scoreAndDifferentiate(whole, scope, states, targets, seeds);
      GoldenModel.assertClose(found, expected, 1e-5f, "scores and gradients");
    }
  }

  /** Log-probabilities, gradient of the rows and of the head in turn. */
  private static float[] scoreAndDifferentiate(
      TokenHead head, TensorScope scope, NDArray states, int[] targets, double[] seeds) {
    try (TensorScope part = scope.child()) {
      double[] scores = head.score(part, states, targets).logProbs();
      TokenHead.Gradient gradient =
          head.gradient(part, states, targets, seeds, Wanted.HIDDEN_AND_HEAD);
      float[] ofRows = Tensors.floats(gradient.hidden());
      float[] ofHead = Tensors.floats(gradient.head().orElseThrow());
      float[] all = new float[scores.length + ofRows.length + ofHead.length];
      for (int i = 0; i < scores.length; i++) {
        all[i] = (float) scores[i];
      }
      System.arraycopy(ofRows, 0, all, scores.length, ofRows.length);
      System.arraycopy(ofHead, 0, all, scores.length + ofRows.length, ofHead.length);
      return all;
    }
  }

  private static float[] noise(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Begins a new peak and tells what is resident now. */
  private static long forgetPeak() throws IOException {
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    return resident("VmRSS");
  }

  private static long peak() throws IOException {
    return resident("VmHWM");
  }

  private static long resident(String what) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(what)) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("No " + what);
  }
}
