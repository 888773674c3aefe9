package io.medvol.model.sam2.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.model.sam2.Sam2Size;
import io.medvol.model.tensor.DType;
import io.medvol.model.weights.SafetensorsFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmenterWeightsTest {
  private static final SegmenterWeights WEIGHTS =
      SegmenterWeights.initial(Sam2Size.TINY.config(128), 5);

  private static double deviation(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares / values.length);
  }

  @Test
  void projectionsAreDrawnByTheirFanInAndTokensFromTheNormalDistribution() {
    Map<String, float[]> all = WEIGHTS.with(WEIGHTS.parameters());
    String decoder = "sam_mask_decoder.";

    assertThat(
            deviation(
                all.get(decoder + "transformer.layers.0.cross_attn_token_to_image.q_proj.weight")))
        .isBetween(0.9 / Math.sqrt(3 * 256), 1.1 / Math.sqrt(3 * 256));
    assertThat(deviation(all.get(decoder + "mask_tokens.weight"))).isBetween(0.9, 1.1);
    assertThat(deviation(all.get("sam_prompt_encoder.point_embeddings.2.weight")))
        .isBetween(0.8, 1.2);
    assertThat(deviation(all.get("no_mem_embed"))).isBetween(0.017, 0.023);
    assertThat(all.get("memory_attention.norm.weight")).containsOnly(1);
    assertThat(all.get("memory_attention.norm.bias")).containsOnly(0);
  }

  @Test
  void whatIsWrittenIsTheWeightsRoundedToBfloat16(@TempDir Path folder) throws IOException {
    float[] parameters = WEIGHTS.parameters();
    Path file = folder.resolve("model.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      WEIGHTS.write(parameters, out);
    }
    float[] expected = WEIGHTS.with(parameters).get("no_mem_embed");
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      var entry = written.entries().get("no_mem_embed");
      assertThat(entry.type()).isEqualTo(DType.BF16);
      ByteBuffer bytes =
          ByteBuffer.allocateDirect(2 * expected.length).order(ByteOrder.LITTLE_ENDIAN);
      written.read(entry, 0, bytes);
      bytes.rewind();
      for (float value : expected) {
        float read = Float.intBitsToFloat(bytes.getShort() << 16);
        assertThat(Math.abs(read - value)).isLessThanOrEqualTo(Math.abs(value) / 256);
      }
      assertThat(written.entries()).hasSameSizeAs(WEIGHTS.with(parameters));
    }
  }
}
