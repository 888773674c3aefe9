/** How well a policy answers samples it was not trained on. */
package io.medvol.grpo.evaluation;
