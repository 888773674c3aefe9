package io.medvol.model.policy;

import java.io.Serializable;

/**
 * One sampled answer.
 *
 * @param tokens ids including the end token if one was given
 * @param logProbs log-probability of each token under the distribution it was drawn from (softmax
 *     of logits / temperature, or what {@link SamplingParams} leave of it), in nats
 * @param text decoded, special tokens left out
 */
public record Completion(
    TokenIds tokens, TokenValues logProbs, String text, FinishReason finishReason)
    implements Serializable {}
