package io.medvol.model.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyBundleTest {
  @TempDir Path folder;

  @Test
  void aBundleIsAModelDirectoryOfTheSameWeights() throws IOException {
    Path bundle = bundle();
    assertThat(PolicyBundle.open(bundle).modelType()).isEqualTo("qwen3_vl");
    assertThat(bundle.resolve(PolicyBundle.WEIGHTS))
        .hasSameBinaryContentAs(folder.resolve("model").resolve(PolicyBundle.WEIGHTS));
    assertThat(bundle.resolve(PolicyBundle.RECIPE)).hasContent("seed: 4");
    assertThat(Files.readString(bundle.resolve(PolicyBundle.DESCRIPTION)))
        .contains("eval_dice", "0.5", "recipe-sha256");
  }

  @Test
  void weightsThatAreNotTheDescribedOnesAreRefused() throws IOException {
    Path bundle = bundle();
    byte[] weights = Files.readAllBytes(bundle.resolve(PolicyBundle.WEIGHTS));
    weights[weights.length - 1] ^= 1;
    Files.write(bundle.resolve(PolicyBundle.WEIGHTS), weights);
    assertThatThrownBy(() -> PolicyBundle.open(bundle))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("SHA-256")
        .hasMessageContaining("copy the bundle again");
  }

  @Test
  void aFolderWithoutDescriptionIsNoBundle() {
    assertThatThrownBy(() -> PolicyBundle.open(folder))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void theShippedBundleIsSmallAndWhatItsDescriptionSays() throws Exception {
    assertThat(PolicyBundle.unpack(folder).modelType()).isEqualTo("qwen3_vl");
    assertThat(Files.size(folder.resolve(PolicyBundle.WEIGHTS))).isLessThan(4_000_000);
    byte[] recipe = Files.readAllBytes(folder.resolve(PolicyBundle.RECIPE));
    assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(recipe)))
        .isEqualTo(PolicyBundle.shipped().recipeSha256());
    assertThat(PolicyBundle.shipped().measured()).containsKeys("eval_dice", "eval_key_slice_hit");
  }

  private Path bundle() throws IOException {
    Path model = folder.resolve("model");
    TinyQwen3Vl.write(TinyPolicyConfig.defaults(4).withPhrases(List.of("hello")), model);
    Path bundle = folder.resolve("bundle");
    PolicyBundle.write(model, "seed: 4", Map.of("eval_dice", 0.5), bundle);
    return bundle;
  }
}
