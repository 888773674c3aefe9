/** Reading completions, strictly and as the released code does. */
package io.medvol.reward.response;
