package io.medvol.model.policy;

import java.util.List;

/**
 * A vision-language policy: samples answers, scores given ones, and differentiates. Takes and gives
 * Java values; native memory stays inside. One thread at a time; {@link #close} frees it.
 */
public interface PolicyModel extends AutoCloseable {
  /**
   * Renders the conversation with the model's chat template, opens the assistant's turn, and
   * prepares the images.
   *
   * @throws io.medvol.data.error.MedVolException MALFORMED_DATA if a text holds markup of the model
   */
  EncodedPrompt encode(List<ChatMessage> messages);

  /** Tokens of a prompt up to its last picture, with its markup; behind them is text alone. */
  int pictureEnd(EncodedPrompt prompt);

  /**
   * What the chat template wrote at the start of the answer, behind the line that opens the
   * assistant's turn: {@code <think>} and a line feed by those of thinking models, else nothing.
   */
  String answerOpening(EncodedPrompt prompt);

  /**
   * Ids of a text, no template.
   *
   * @throws io.medvol.data.error.MedVolException MALFORMED_DATA if it holds markup of the model,
   *     such as {@code <|im_end|>}
   */
  TokenIds tokenize(String text);

  String decode(TokenIds tokens);

  /** The id that ends an assistant's turn. */
  int endOfTurn();

  /**
   * One completion for each seed, sharing one pass over the prompt. The draw at position t of
   * completion i depends only on the policy, the prompt, {@code seeds[i]} and t.
   */
  List<Completion> sample(EncodedPrompt prompt, SamplingParams params, long[] seeds);

  /** Log-probability of each given token under softmax(logits / temperature); no gradient. */
  List<TokenValues> logProbs(EncodedPrompt prompt, List<TokenIds> completions, double temperature);

  /**
   * Forward, objective, backward: adds d(loss)/d(parameter) to {@code gradient}, in the layout of
   * {@link #layout}.
   */
  void accumulateGradient(
      EncodedPrompt prompt,
      List<TokenIds> completions,
      double temperature,
      TokenObjective objective,
      float[] gradient);

  ParameterLayout layout();

  /** The trainable parameters, a copy, in the layout of {@link #layout}. */
  float[] parameters();

  void setParameters(float[] parameters);

  @Override
  void close();
}
