package io.medvol.data.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PhantomStructuresTest {
  @Test
  void everyOrganIsInEveryPhantomAndHoldsItsLesion() {
    PhantomGenerator generator =
        new PhantomGenerator(new PhantomConfig(4, 3, 12, 40, 40, 0.08, 25, 1));
    for (int index = 0; index < 4; index++) {
      Phantom phantom = generator.generate(index);
      for (PhantomStructures.Structure organ : PhantomStructures.organs()) {
        assertThat(phantom.labels().mask(organ.labels()).count()).isPositive();
      }
      var lesion = phantom.labels().mask(PhantomStructures.lesion().labels());
      assertThat(lesion.count()).isPositive();
      assertThat(PhantomStructures.organs())
          .anySatisfy(
              organ ->
                  assertThat(phantom.labels().mask(organ.labels()).intersection(lesion))
                      .isEqualTo(lesion.count()));
    }
  }
}
