package io.medvol.model.qwen;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.policy.FinishReason;
import io.medvol.model.policy.SamplingParams;
import io.medvol.model.policy.TokenIds;
import io.medvol.model.policy.TokenValues;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Draws the tokens of a group from softmax(logits / temperature), or from what the sampling options
 * leave of it, in double precision. The draw at a position depends on the row's seed and tokens,
 * the position and the logits alone; there is no generator that rows or tasks could share.
 */
final class TokenSampler implements GroupDecoder.TokenChooser {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final SamplingParams params;
  private final TokenFilter filter;
  private final TokenIds excluded;
  private final TokenIds endIds;
  private final Predicate<TokenIds> stopped;
  private final List<Row> rows = new ArrayList<>();

  /** Draws from all tokens but the excluded ones. */
  TokenSampler(double temperature, TokenIds excluded, TokenIds endIds, long[] seeds) {
    this(
        new SamplingParams(temperature, Integer.MAX_VALUE), TokenIds.of(), excluded, endIds, seeds);
  }

  /** Ends a row at an end token alone. */
  TokenSampler(
      SamplingParams params, TokenIds prompt, TokenIds excluded, TokenIds endIds, long[] seeds) {
    this(params, prompt, excluded, endIds, tokens -> false, seeds);
  }

  /**
   * @param params at temperature 0 takes the most likely token; its log-probability is then that at
   *     1, of all tokens
   * @param prompt whose tokens count as repeated when they are drawn
   * @param excluded ids that get probability 0
   * @param stopped says of the tokens of a row whether they end it, besides an end token
   */
  TokenSampler(
      SamplingParams params,
      TokenIds prompt,
      TokenIds excluded,
      TokenIds endIds,
      Predicate<TokenIds> stopped,
      long[] seeds) {
    this.params = params;
    this.stopped = stopped;
    this.filter = new TokenFilter(params);
    this.excluded = excluded;
    this.endIds = endIds;
    BitSet seen = new BitSet();
    for (int i = 0; i < prompt.length(); i++) {
      seen.set(prompt.at(i));
    }
    for (long seed : seeds) {
      rows.add(new Row(seed, (BitSet) seen.clone()));
    }
  }

  private static final class Row {
    private final long seed;
    private final BitSet seen;
    private final List<Integer> tokens = new ArrayList<>();
    private final List<Double> logProbs = new ArrayList<>();
    private boolean stopped;

    Row(long seed, BitSet seen) {
      this.seed = seed;
      this.seen = seen;
    }
  }

  @Override
  public int[] choose(int position, float[] logits) {
    int[] live = unfinished();
    int vocabulary = logits.length / live.length;
    int[] next = new int[live.length];
    double[] weights = new double[vocabulary];
    for (int i = 0; i < next.length; i++) {
      Row row = rows.get(live[i]);
      next[i] = draw(row, position, logits, i * vocabulary, weights);
      row.stopped = contains(endIds, next[i]) || stopped.test(tokens(live[i]));
    }
    return next;
  }

  private int draw(Row row, int position, float[] logits, int start, double[] weights) {
    prepare(row, position, logits, start, weights.length);
    int best = 0;
    for (int j = 1; j < weights.length; j++) {
      if (logits[start + j] > logits[start + best]) {
        best = j;
      }
    }
    boolean greedy = params.temperature() == 0;
    double scale = greedy ? 1 : params.temperature();
    double highest = logits[start + best] / scale;
    double sum = 0;
    for (int j = 0; j < weights.length; j++) {
      weights[j] = Math.exp(logits[start + j] / scale - highest);
      sum += weights[j];
    }
    if (!(sum >= 1) || Double.isInfinite(sum)) {
      throw new MedVolException(
          ErrorCode.INVALID_CONFIG,
          "The policy has diverged: its logits at token "
              + position
              + " of a completion are not finite. Go on from an earlier checkpoint with a lower"
              + " optimizer.learning-rate; if nothing was trained yet, the model's weights are"
              + " damaged.");
    }
    if (!greedy) {
      filter.apply(weights);
      sum = 0;
      for (double weight : weights) {
        sum += weight;
      }
    }
    int token = greedy ? best : inverse(weights, uniform(row.seed, position) * sum);
    row.tokens.add(token);
    row.seen.set(token);
    row.logProbs.add(logits[start + token] / scale - highest - Math.log(sum));
    return token;
  }

  /** What is changed before the temperature: repeated tokens, and those that must not come. */
  private void prepare(Row row, int position, float[] logits, int start, int vocabulary) {
    if (params.repetitionPenalty() != 1) {
      float penalty = (float) params.repetitionPenalty();
      row.seen.stream()
          .filter(id -> id < vocabulary)
          .map(id -> start + id)
          .forEach(at -> logits[at] = logits[at] < 0 ? logits[at] * penalty : logits[at] / penalty);
    }
    forbid(excluded, logits, start);
    if (position < params.minNewTokens()) {
      forbid(endIds, logits, start);
    }
  }

  private static void forbid(TokenIds ids, float[] logits, int start) {
    for (int j = 0; j < ids.length(); j++) {
      logits[start + ids.at(j)] = Float.NEGATIVE_INFINITY;
    }
  }

  /** The first index at which the running sum exceeds the target. */
  private static int inverse(double[] weights, double target) {
    double sum = 0;
    int last = 0;
    for (int j = 0; j < weights.length; j++) {
      if (weights[j] > 0) {
        sum += weights[j];
        last = j;
        if (sum > target) {
          return j;
        }
      }
    }
    return last;
  }

  /** In [0, 1), from the seed and the position by the finaliser of SplitMix64. */
  static double uniform(long seed, int position) {
    return (mix(mix(seed) + GOLDEN_GAMMA * (position + 1L)) >>> 11) * 0x1.0p-53;
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static boolean contains(TokenIds ids, int id) {
    for (int i = 0; i < ids.length(); i++) {
      if (ids.at(i) == id) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int[] unfinished() {
    return IntStream.range(0, rows.size()).filter(i -> !rows.get(i).stopped).toArray();
  }

  TokenIds tokens(int row) {
    return TokenIds.of(rows.get(row).tokens.stream().mapToInt(Integer::intValue).toArray());
  }

  TokenValues logProbs(int row) {
    return TokenValues.of(
        rows.get(row).logProbs.stream().mapToDouble(Double::doubleValue).toArray());
  }

  FinishReason finishReason(int row) {
    return rows.get(row).stopped ? FinishReason.STOP : FinishReason.LENGTH;
  }
}
