package io.medvol.model.sam2.train;

import io.medvol.model.policy.ParameterLayout;
import io.medvol.model.sam2.Sam2Config;
import io.medvol.model.sam2.Sam2Layout;
import io.medvol.model.tensor.DType;
import io.medvol.model.weights.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which weights training from boxes moves, as one vector, and those it leaves: the Fourier matrix
 * of places, and what only mask and point prompts use. Immutable.
 */
public final class SegmenterWeights {
  private static final List<String> UNTRAINED =
      List.of(
          "sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix",
          "sam_prompt_encoder.mask_downscaling.",
          "sam_prompt_encoder.point_embeddings.0.",
          "sam_prompt_encoder.point_embeddings.1.",
          "mask_downsample.",
          "no_mem_pos_enc");

  private final ParameterLayout layout;
  private final Map<String, List<Long>> shapes;
  private final Map<String, float[]> initial;

  private SegmenterWeights(
      ParameterLayout layout, Map<String, List<Long>> shapes, Map<String, float[]> initial) {
    this.layout = layout;
    this.shapes = shapes;
    this.initial = initial;
  }

  /** Initial values of all weights; a function of the configuration and the seed. */
  public static SegmenterWeights initial(Sam2Config config, long seed) {
    Map<String, List<Long>> shapes = new TreeMap<>(Sam2Layout.of(config));
    Map<String, float[]> values = new Initialisation(seed).all(shapes);
    List<ParameterLayout.Parameter> trained = new ArrayList<>();
    int offset = 0;
    for (Map.Entry<String, List<Long>> entry : shapes.entrySet()) {
      String name = entry.getKey();
      if (UNTRAINED.stream().noneMatch(name::startsWith)) {
        int length = values.get(name).length;
        trained.add(new ParameterLayout.Parameter(name, entry.getValue(), offset, length));
        offset += length;
      }
    }
    return new SegmenterWeights(new ParameterLayout(trained), shapes, values);
  }

  /** The weights that are trained. */
  public ParameterLayout layout() {
    return layout;
  }

  /** The trained weights before the first step. */
  public float[] parameters() {
    float[] parameters = new float[layout.size()];
    for (ParameterLayout.Parameter parameter : layout.parameters()) {
      float[] values = initial.get(parameter.name());
      System.arraycopy(values, 0, parameters, parameter.offset(), values.length);
    }
    return parameters;
  }

  /** All weights, with the trained ones from a vector. */
  public Map<String, float[]> with(float[] parameters) {
    Map<String, float[]> all = new LinkedHashMap<>(initial);
    for (ParameterLayout.Parameter parameter : layout.parameters()) {
      float[] values = new float[parameter.length()];
      System.arraycopy(parameters, parameter.offset(), values, 0, values.length);
      all.put(parameter.name(), values);
    }
    return all;
  }

  List<Long> shape(String name) {
    return shapes.get(name);
  }

  /** Writes all weights by their official names as bfloat16 safetensors, rounded to nearest. */
  public void write(float[] parameters, OutputStream out) throws IOException {
    List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
    with(parameters)
        .forEach(
            (name, values) ->
                tensors.add(
                    new SafetensorsWriter.Tensor(
                        name, DType.BF16, shapes.get(name), to -> to.write(halved(values)))));
    SafetensorsWriter.write(tensors, out);
  }

  /** The upper halves of the floats, ties to even. */
  private static byte[] halved(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      int bits = Float.floatToRawIntBits(value);
      bytes.putShort((short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16));
    }
    return bytes.array();
  }
}
