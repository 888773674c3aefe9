package io.medvol.rollout.worker;

import io.medvol.model.policy.EncodedPrompt;
import io.medvol.model.policy.PolicyModel;
import io.medvol.model.policy.TokenIds;
import io.medvol.rollout.objective.CrossEntropy;
import io.medvol.rollout.objective.LossEvaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Demonstrations about the same pictures, packed: what their prompts have in common once, behind it
 * each one's own rest of the prompt and its answer. These see what is common and themselves, at the
 * positions they have alone, so that losses and gradients are those of separate sequences.
 */
final class DemonstrationRow {
  private final List<Taught> taught = new ArrayList<>();

  /**
   * What is taught.
   *
   * @param answer with the token that ends it
   */
  record Taught(EncodedPrompt prompt, TokenIds answer) {}

  /** A row of one. */
  DemonstrationRow(Taught first) {
    taught.add(first);
  }

  int size() {
    return taught.size();
  }

  /** Adds a demonstration if it is about the same pictures, and differs in text behind them. */
  boolean add(Taught next, PolicyModel policy) {
    EncodedPrompt first = taught.get(0).prompt();
    boolean joins =
        first.grids().equals(next.prompt().grids())
            && Arrays.equals(first.pixelValues(), next.prompt().pixelValues())
            && common(first.tokens(), next.prompt().tokens())
                >= Math.max(1, policy.pictureEnd(first));
    if (joins) {
      taught.add(next);
    }
    return joins;
  }

  /** The common head of all prompts. */
  EncodedPrompt head() {
    EncodedPrompt first = taught.get(0).prompt();
    int[] ids = Arrays.copyOf(first.tokens().toArray(), headLength());
    return new EncodedPrompt(TokenIds.of(ids), first.pixelValues(), first.grids());
  }

  /** What stands behind the head: the rest of each prompt and its answer. */
  List<TokenIds> tails() {
    int head = headLength();
    return taught.stream()
        .map(
            one -> {
              int[] prompt = one.prompt().tokens().toArray();
              int[] answer = one.answer().toArray();
              int[] tail = Arrays.copyOfRange(prompt, head, prompt.length + answer.length);
              System.arraycopy(answer, 0, tail, prompt.length - head, answer.length);
              return TokenIds.of(tail);
            })
        .toList();
  }

  /** The cross-entropy of the answers alone; arguments as in {@link CrossEntropy#evaluate}. */
  LossEvaluation evaluate(double[][] logProbs, double[][] entropies) {
    int head = headLength();
    double[][] answers = new double[taught.size()][];
    double[][] ofAnswers = new double[taught.size()][];
    for (int i = 0; i < answers.length; i++) {
      int rest = taught.get(i).prompt().tokens().length() - head;
      answers[i] = Arrays.copyOfRange(logProbs[i], rest, logProbs[i].length);
      ofAnswers[i] = Arrays.copyOfRange(entropies[i], rest, entropies[i].length);
    }
    LossEvaluation loss = CrossEntropy.evaluate(answers, ofAnswers);
    double[][] gradient = new double[answers.length][];
    for (int i = 0; i < answers.length; i++) {
      gradient[i] = new double[logProbs[i].length];
      int rest = logProbs[i].length - answers[i].length;
      System.arraycopy(loss.gradient()[i], 0, gradient[i], rest, answers[i].length);
    }
    return new LossEvaluation(loss.tokenLosses(), gradient, loss.sums());
  }

  private int headLength() {
    TokenIds first = taught.get(0).prompt().tokens();
    return taught.stream()
        .mapToInt(one -> common(first, one.prompt().tokens()))
        .min()
        .orElseThrow();
  }

  private static int common(TokenIds a, TokenIds b) {
    int mismatch = Arrays.mismatch(a.toArray(), b.toArray());
    return mismatch < 0 ? a.length() : mismatch;
  }
}
