/** From rewards to advantages: who did better than the others who had the same prompt. */
package io.medvol.grpo.advantage;
