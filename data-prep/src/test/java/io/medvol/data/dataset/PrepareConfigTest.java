package io.medvol.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.config.ConfigLoader;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrepareConfigTest {
  @Test
  void explicitMappings() {
    assertThat(
            ConfigLoader.of(PrepareConfig.class)
                .withSettings(
                    List.of(
                        "shown-slices=8",
                        "absent-targets=keep",
                        "salt=x",
                        "max-rejected-share=0.25"))
                .load()
                .value())
        .isEqualTo(new PrepareConfig(8, AbsentTargets.KEEP, "x", 0.25, ImplausibleValues.REJECT));
  }

  @Test
  void rejectsWhatIsOutOfRange() {
    assertThatThrownBy(
            () ->
                ConfigLoader.of(PrepareConfig.class)
                    .withSettings(List.of("shown-slices=0", "salt=' '", "max-rejected-share=2"))
                    .load())
        .hasMessageContaining("shown-slices (--set shown-slices:1): is 0; allowed: at least 1")
        .hasMessageContaining("salt")
        .hasMessageContaining("max-rejected-share");
  }
}
