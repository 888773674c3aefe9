package io.medvol.model.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * peft's {@code adapter_config.json}. Settings that would change the computation and are not
 * supported (DoRA, biases, ranks that differ by module …) are refused, never ignored; so are
 * settings that are not known here, unless they are off.
 */
public final class AdapterConfigFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_BYTES = 1 << 20;

  /** Settings that this class reads. */
  private static final Set<String> READ =
      Set.of(
          "peft_type",
          "r",
          "lora_alpha",
          "target_modules",
          "use_rslora",
          "bias",
          "init_lora_weights");

  /** Settings of training, of other settings or for the record: the adapter computes the same. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "task_type",
          "auto_mapping",
          "base_model_name_or_path",
          "revision",
          "peft_version",
          "inference_mode",
          "runtime_config",
          "lora_dropout",
          "megatron_config",
          "megatron_core",
          "loftq_config",
          "eva_config",
          "corda_config",
          "lora_ga_config",
          "velora_config",
          "qalora_group_size",
          "ensure_weight_tying");

  /** Values of init_lora_weights that leave the base's weights alone */
  private static final Set<String> KEEP_THE_BASE =
      Set.of("true", "false", "gaussian", "eva", "orthogonal", "mica");

  private AdapterConfigFile() {}

  /**
   * Reads a file.
   *
   * @throws MedVolException INVALID_INPUT if it is missing, asks for what is not supported, or
   *     belongs to a base whose weights were changed with it
   */
  static LoraConfig read(Path file) {
    JsonNode json = parse(file);
    if (!json.path("peft_type").asText().equals("LORA")) {
      throw invalid(file, "peft_type is " + json.path("peft_type") + ": expected \"LORA\"");
    }
    requireSupported(file, json);
    requireBaseUnchanged(file, json.path("init_lora_weights").asText("true"));
    JsonNode rank = json.path("r");
    JsonNode alpha = json.path("lora_alpha");
    if (!rank.isInt() || rank.asInt() < 1 || !alpha.isNumber() || !(alpha.asDouble() > 0)) {
      throw invalid(
          file, "r is " + rank + " and lora_alpha " + alpha + ": expected numbers above 0");
    }
    return new LoraConfig(
        rank.asInt(),
        alpha.asDouble(),
        targets(file, json.path("target_modules")),
        json.path("use_rslora").asBoolean(false)
            ? LoraScaling.RANK_STABILISED
            : LoraScaling.STANDARD);
  }

  private static void requireSupported(Path file, JsonNode json) {
    for (Map.Entry<String, JsonNode> setting : json.properties()) {
      String name = setting.getKey();
      JsonNode value = setting.getValue();
      boolean off =
          value.isNull()
              || value.isBoolean() && !value.asBoolean()
              || value.isContainerNode() && value.isEmpty();
      if (!off && !READ.contains(name) && !WITHOUT_EFFECT.contains(name)) {
        throw invalid(
            file,
            name
                + " is "
                + value
                + ", which is not supported; merge the adapter with peft's merge_and_unload and"
                + " give that model");
      }
    }
    JsonNode bias = json.path("bias");
    if (!bias.isMissingNode() && !bias.isNull() && !bias.asText().equals("none")) {
      throw invalid(file, "bias is " + bias + ": expected \"none\"");
    }
    JsonNode stabilised = json.path("use_rslora");
    if (!stabilised.isMissingNode() && !stabilised.isNull() && !stabilised.isBoolean()) {
      throw invalid(file, "use_rslora is " + stabilised + ": expected true or false");
    }
  }

  /**
   * PiSSA, OLoRA, CorDA, LoRA-GA and LoftQ take a part out of the base's weights when the adapter
   * is made (peft's {@code LoraLayer.update_layer}); the base as it was published is another one.
   */
  private static void requireBaseUnchanged(Path file, String start) {
    if (!KEEP_THE_BASE.contains(start.toLowerCase(Locale.ROOT))) {
      throw invalid(
          file,
          "init_lora_weights is \""
              + start
              + "\", which changes the weights of the base model; save it again with peft's"
              + " save_pretrained(path_initial_model_for_weight_conversion=...), or merge it with"
              + " merge_and_unload and give that model");
    }
  }

  private static TargetModules targets(Path file, JsonNode json) {
    if (json.isTextual()) {
      return json.asText().equals(TargetModules.AllLinear.NAME)
          ? new TargetModules.AllLinear()
          : TargetModules.Expression.of(json.asText());
    }
    List<String> names = new ArrayList<>();
    json.forEach(name -> names.add(name.asText()));
    if (names.isEmpty()) {
      throw invalid(
          file, "target_modules is " + json + ": expected names or one regular expression");
    }
    return new TargetModules.Suffixes(names);
  }

  /**
   * Writes the settings; does not close the stream.
   *
   * @param baseModel name or folder of the model that is adapted
   */
  public static void write(LoraConfig config, String baseModel, OutputStream out)
      throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("base_model_name_or_path", baseModel);
    json.put("bias", "none");
    json.put("fan_in_fan_out", false);
    json.put("inference_mode", true);
    json.put("init_lora_weights", true);
    json.put("lora_alpha", config.alpha());
    json.put("lora_dropout", 0.0);
    json.put("peft_type", "LORA");
    json.put("r", config.rank());
    if (config.targets() instanceof TargetModules.Suffixes suffixes) {
      suffixes.names().forEach(json.putArray("target_modules")::add);
    } else if (config.targets() instanceof TargetModules.Expression expression) {
      json.put("target_modules", expression.text());
    } else {
      json.put("target_modules", TargetModules.AllLinear.NAME);
    }
    json.put("task_type", "CAUSAL_LM");
    json.put("use_dora", false);
    json.put("use_rslora", config.scaling() == LoraScaling.RANK_STABILISED);
    out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
  }

  private static JsonNode parse(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        throw new MedVolException(
            ErrorCode.INVALID_INPUT,
            "There is no adapter at " + file + ": expected a JSON file of at most 1 MiB");
      }
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      if (json == null || !json.isObject()) {
        throw invalid(file, "it holds no JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, file + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT, "Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static MedVolException invalid(Path file, String what) {
    return new MedVolException(
        ErrorCode.INVALID_INPUT, file + " is not an adapter this library can use: " + what);
  }
}
