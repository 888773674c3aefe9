package io.medvol.grpo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.lora.SavedAdapter;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneModelTest {
  @TempDir Path folder;

  @Test
  void anAdapterThatLacksTensorsIsRefusedBeforeAnythingIsWritten() throws IOException {
    Path model = Golden.models("qwen2_vl").get(0);
    Path adapter = Golden.cases(model).resolve("10_lora");
    ObjectNode config = (ObjectNode) Golden.json(adapter.resolve(SavedAdapter.CONFIG_FILE));
    config.put("target_modules", "all-linear");
    Files.writeString(folder.resolve(SavedAdapter.CONFIG_FILE), config.toString());
    Files.copy(adapter.resolve(SavedAdapter.WEIGHT_FILE), folder.resolve(SavedAdapter.WEIGHT_FILE));
    List<String> written = new ArrayList<>();
    try (SavedAdapter saved = SavedAdapter.open(folder)) {
      assertThatThrownBy(
              () ->
                  StandaloneModel.write(
                      ModelDirectory.open(model),
                      saved,
                      name -> {
                        written.add(name);
                        return Files.newOutputStream(folder.resolve("out-" + name));
                      }))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining("lacks the tensor")
          .hasMessageContaining("visual");
    }
    assertThat(written).isEmpty();
  }
}
