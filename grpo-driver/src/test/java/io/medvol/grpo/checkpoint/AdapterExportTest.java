package io.medvol.grpo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.lora.LoraConfig;
import io.medvol.model.lora.ModuleName;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.model.lora.TargetModules;
import io.medvol.model.policy.ParameterLayout;
import io.medvol.rollout.trajectory.FloatVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterExportTest {
  @TempDir Path folder;

  @Test
  void whatItWritesIsAnAdapterAgain() throws IOException {
    LoraConfig config = new LoraConfig(2, 4, new TargetModules.Suffixes(List.of("q_proj")));
    String module = "model.language_model.layers.0.self_attn.q_proj";
    ParameterLayout layout =
        new ParameterLayout(
            List.of(
                new ParameterLayout.Parameter(
                    "base_model.model." + module + ".lora_A.weight", List.of(2L, 3L), 0, 6),
                new ParameterLayout.Parameter(
                    "base_model.model." + module + ".lora_B.weight", List.of(1L, 2L), 6, 2)));
    float[] values = {1, 2, 3, 4, 5, 6, 7, 8};
    new AdapterExport(config, "Qwen/base", layout)
        .write(FloatVector.wrap(values), name -> Files.newOutputStream(folder.resolve(name)));
    try (SavedAdapter saved = SavedAdapter.open(folder)) {
      assertThat(saved.config()).isEqualTo(config);
      assertThat(saved.down(new ModuleName(module, module), 3)).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(saved.up(new ModuleName(module, module), 1)).containsExactly(7, 8);
    }
    assertThat(Files.readString(folder.resolve(SavedAdapter.CONFIG_FILE))).contains("Qwen/base");
  }
}
