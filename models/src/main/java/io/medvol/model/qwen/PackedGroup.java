package io.medvol.model.qwen;

import io.medvol.model.policy.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A prompt and the completions of a group as one row: the prompt once, then every completion
 * without its last token, whose successor nobody asks for. A completion's tokens see the prompt and
 * their own predecessors, and stand at the positions they would have alone, so that every value and
 * gradient is the one of separate sequences (arXiv 2506.05433).
 */
final class PackedGroup {
  private final Prompt prompt;
  private final List<TokenIds> completions;
  private final int[] starts;
  private final int length;

  PackedGroup(Prompt prompt, List<TokenIds> completions) {
    this.prompt = prompt;
    this.completions = List.copyOf(completions);
    this.starts = new int[completions.size()];
    int at = prompt.length();
    for (int i = 0; i < starts.length; i++) {
      starts[i] = at;
      at = Math.addExact(at, Math.max(0, completions.get(i).length() - 1));
    }
    this.length = at;
  }

  Prompt prompt() {
    return prompt;
  }

  /** Ids of the row. */
  int[] ids() {
    int[] ids = Arrays.copyOf(prompt.encoded().tokens().toArray(), length);
    for (int i = 0; i < starts.length; i++) {
      for (int t = 0; t + 1 < completions.get(i).length(); t++) {
        ids[starts[i] + t] = completions.get(i).at(t);
      }
    }
    return ids;
  }

  RotaryTable rotary(QwenConfig.Text config) {
    int[] offsets = new int[length - prompt.length()];
    for (int i = 0; i < starts.length; i++) {
      for (int t = 0; t + 1 < completions.get(i).length(); t++) {
        offsets[starts[i] + t - prompt.length()] = prompt.positions().next() + t;
      }
    }
    return RotaryTable.of(
        config,
        length,
        token ->
            axis ->
                token < prompt.length()
                    ? prompt.positions().at(axis, token)
                    : offsets[token - prompt.length()]);
  }

  /**
   * Completions whose attention is computed together: their keys and the prompt's in one piece,
   * with a mask between strangers. Blocks stay below the length of the prompt, so that at most half
   * of a block's work is masked, and copies of the prompt's keys are no more than the completions.
   */
  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < starts.length; i++) {
      if (i > first && end(i) - starts[first] > prompt.length()) {
        blocks.add(new Block(first, i));
        first = i;
      }
    }
    if (first < starts.length) {
      blocks.add(new Block(first, starts.length));
    }
    return blocks.stream().filter(block -> block.size() > 0).toList();
  }

  private int end(int completion) {
    return completion + 1 < starts.length ? starts[completion + 1] : length;
  }

  /** The completions {@code first .. last - 1}. */
  final class Block {
    private final int first;
    private final int last;

    Block(int first, int last) {
      this.first = first;
      this.last = last;
    }

    int size() {
      return end(last - 1) - starts[first];
    }

    /** What its tokens see, {@code [token][key]}: 0, or minus infinity. */
    float[] mask() {
      int width = prompt.length() + size();
      float[] mask = new float[Math.multiplyExact(size(), width)];
      for (int i = first; i < last; i++) {
        for (int token = starts[i] - starts[first]; token < end(i) - starts[first]; token++) {
          int own = prompt.length() + starts[i] - starts[first];
          int row = token * width;
          Arrays.fill(mask, row + prompt.length(), row + own, Float.NEGATIVE_INFINITY);
          Arrays.fill(
              mask, row + prompt.length() + token + 1, row + width, Float.NEGATIVE_INFINITY);
        }
      }
      return mask;
    }
  }

  /** For each token of each completion in turn, the row that predicts it. */
  int[] predictors() {
    int[] rows = new int[targets().length];
    int at = 0;
    for (int i = 0; i < starts.length; i++) {
      for (int t = 0; t < completions.get(i).length(); t++) {
        rows[at++] = t == 0 ? prompt.length() - 1 : starts[i] + t - 1;
      }
    }
    return rows;
  }

  /** The tokens of all completions in turn. */
  int[] targets() {
    return completions.stream()
        .flatMapToInt(completion -> Arrays.stream(completion.toArray()))
        .toArray();
  }

  /** Cuts values of {@link #targets} into completions. */
  double[][] split(double[] values) {
    double[][] split = new double[completions.size()][];
    int at = 0;
    for (int i = 0; i < split.length; i++) {
      int count = completions.get(i).length();
      split[i] = Arrays.copyOfRange(values, at, at + count);
      at += count;
    }
    return split;
  }
}
