package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Sam2ConfigWriterTest {
  @ParameterizedTest
  @EnumSource(Sam2Size.class)
  void theReaderGivesBackWhatWasWritten(Sam2Size size, @TempDir Path folder) throws IOException {
    Sam2Config config = size.config(512);
    Path file = Files.writeString(folder.resolve("config.yaml"), Sam2ConfigWriter.yaml(config));

    assertThat(Sam2ConfigReader.read(file)).isEqualTo(config);
  }
}
