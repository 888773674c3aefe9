/** From a conversation to token ids and back: chat template, tokenizer, image placeholders. */
package io.medvol.model.tokenizer;
