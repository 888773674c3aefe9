package io.medvol.model.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Parses the JSON header of a safetensors file and holds it against the file's length: every tensor
 * lies inside, has the length its shape and type demand, and shares no byte with another.
 */
final class SafetensorsHeader {
  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /** Valid types whose values are smaller than a byte. */
  private static final Set<String> SUB_BYTE = Set.of("F4", "F6_E2M3", "F6_E3M2");

  private final Path file;
  private final long dataBytes;

  private SafetensorsHeader(Path file, long dataBytes) {
    this.file = file;
    this.dataBytes = dataBytes;
  }

  /**
   * @param dataBytes length of the file behind the header
   */
  static SortedMap<String, TensorEntry> parse(Path file, byte[] header, long dataBytes) {
    return new SafetensorsHeader(file, dataBytes).entries(header);
  }

  private SortedMap<String, TensorEntry> entries(byte[] header) {
    SortedMap<String, TensorEntry> entries = new TreeMap<>();
    for (Iterator<Map.Entry<String, JsonNode>> it = root(header).fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      if (!field.getKey().equals(METADATA)) {
        entries.put(field.getKey(), entry(field.getKey(), field.getValue()));
      }
    }
    requireDisjoint(entries);
    return entries;
  }

  private JsonNode root(byte[] header) {
    try {
      JsonNode root = JSON.readTree(header);
      if (root != null && root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw malformed("its header is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw malformed("its header cannot be read: " + e.getMessage(), e);
    }
    throw malformed("its header is no JSON object", null);
  }

  private TensorEntry entry(String name, JsonNode json) {
    DType type = type(name, json.path("dtype").asText());
    JsonNode shape = json.path("shape");
    JsonNode offsets = json.path("data_offsets");
    if (!shape.isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw malformed("tensor " + name + " lacks its shape or its two data_offsets", null);
    }
    List<Long> sizes = new ArrayList<>();
    long bytes = type.bytes();
    for (JsonNode size : shape) {
      if (!size.canConvertToLong() || !size.isIntegralNumber() || size.asLong() < 0) {
        throw malformed("tensor " + name + " has the size " + size + " in its shape", null);
      }
      sizes.add(size.asLong());
      try {
        bytes = Math.multiplyExact(bytes, size.asLong());
      } catch (ArithmeticException e) {
        throw malformed("tensor " + name + " has the impossible shape " + shape, e);
      }
    }
    long begin = offset(name, offsets.get(0));
    long end = offset(name, offsets.get(1));
    if (end < begin || end - begin != bytes) {
      throw malformed(
          "tensor "
              + name
              + " takes bytes "
              + begin
              + " to "
              + end
              + ", but its type and shape"
              + " need "
              + bytes
              + " bytes",
          null);
    }
    return new TensorEntry(name, type, sizes, begin, end);
  }

  private DType type(String name, String text) {
    for (DType type : DType.values()) {
      if (type.name().equals(text)) {
        return type;
      }
    }
    if (SUB_BYTE.contains(text)) {
      throw new MedVolException(
          ErrorCode.INVALID_INPUT,
          "Tensor "
              + name
              + " of "
              + file
              + " has the type "
              + text
              + " of a quantised model: expected F32, BF16, F16 or F64");
    }
    throw malformed("tensor " + name + " has the unknown type \"" + text + "\"", null);
  }

  private long offset(String name, JsonNode value) {
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.asLong() < 0
        || value.asLong() > dataBytes) {
      throw malformed(
          "tensor "
              + name
              + " has the data offset "
              + value
              + ", but the file holds "
              + dataBytes
              + " bytes of data: it may be cut off, copy or download it again",
          null);
    }
    return value.asLong();
  }

  private void requireDisjoint(SortedMap<String, TensorEntry> entries) {
    List<TensorEntry> byPosition = new ArrayList<>(entries.values());
    byPosition.sort(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end));
    for (int i = 1; i < byPosition.size(); i++) {
      if (byPosition.get(i).begin() < byPosition.get(i - 1).end()) {
        throw malformed(
            "tensors "
                + byPosition.get(i - 1).name()
                + " and "
                + byPosition.get(i).name()
                + " overlap",
            null);
      }
    }
  }

  private MedVolException malformed(String what, Exception cause) {
    return new MedVolException(
        ErrorCode.MALFORMED_DATA, file + " is not a valid safetensors file: " + what, cause);
  }
}
