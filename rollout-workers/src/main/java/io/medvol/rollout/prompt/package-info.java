/** What the policy reads: slices of a prepared volume and a question, as one conversation. */
package io.medvol.rollout.prompt;
