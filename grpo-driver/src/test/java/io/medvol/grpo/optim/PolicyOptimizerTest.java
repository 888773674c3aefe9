package io.medvol.grpo.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.medvol.grpo.optim.PolicyOptimizer.Update;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.rollout.trajectory.FloatVector;
import io.medvol.rollout.trajectory.PolicyState;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyOptimizerTest {
  private static final ParameterLayout LAYOUT =
      new ParameterLayout(
          List.of(
              new ParameterLayout.Parameter("bias", List.of(1L), 0, 1),
              new ParameterLayout.Parameter("weight", List.of(1L, 1L), 1, 1)));
  private static final PolicyState POLICY = PolicyState.of(4, new float[] {1, 1});

  @Test
  void firstStepGoesByTheLearningRateAndOnlyMatricesDecay() {
    // Adam's first step is lr * sign(gradient); decay takes lr * 0.5 of the matrix
    Update.Applied update =
        (Update.Applied) optimizer(0).update(POLICY, OptimizerState.zero(2), vector(3, -4), 1, 0);
    assertThat(update.gradNorm()).isCloseTo(5, within(1e-9));
    assertThat(update.policy().version()).isEqualTo(5);
    assertThat(update.policy().parameters().at(0)).isCloseTo(0.9f, within(1e-6f));
    assertThat(update.policy().parameters().at(1)).isCloseTo(0.95f + 0.1f, within(1e-6f));
    assertThat(POLICY.parameters().at(0)).isEqualTo(1);
  }

  @Test
  void clippingScalesTheMomentsByTheNorm() {
    Update.Applied update =
        (Update.Applied) optimizer(1).update(POLICY, OptimizerState.zero(2), vector(3, -4), 1, 0);
    // gradient 3 / 5, times 1 - beta1
    assertThat(update.state().expAvg().at(0)).isCloseTo(0.06f, within(1e-6f));
  }

  @Test
  void nonFiniteGradientMovesNothing() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThat(optimizer(1).update(POLICY, OptimizerState.zero(2), vector(bad, 0), 1, 0))
          .isInstanceOf(Update.Skipped.class);
    }
  }

  private static FloatVector vector(float... values) {
    return FloatVector.wrap(values);
  }

  private static PolicyOptimizer optimizer(double maxGradNorm) {
    return new PolicyOptimizer(
        new AdamW(LAYOUT, 0.9, 0.999, 1e-8, 0.5),
        new LearningRateSchedule(SchedulerType.CONSTANT, 10, 0, 0.5, 0),
        0.1,
        maxGradNorm);
  }
}
