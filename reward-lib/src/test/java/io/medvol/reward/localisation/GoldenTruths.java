package io.medvol.reward.localisation;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.example.BoxRule;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the ground truths of the reference set. */
final class GoldenTruths {
  record Entry(JsonNode expected, BinaryMask mask, BoxRule rule, GroundTruth truth) {}

  private GoldenTruths() {}

  static Map<String, Entry> read(Path file) {
    JsonNode truths = Golden.json(file).get("truths");
    GoldenTensors tensors =
        Golden.tensors(Path.of(file.toString().replace(".json", ".safetensors")));
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Iterator<String> names = truths.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      JsonNode node = truths.get(name);
      int[] dims = ints(node.get("dims_zyx"));
      BinaryMask mask = mask(tensors, name, new GridSize(dims[0], dims[1], dims[2]));
      BoxRule rule = rule(node.get("box_rule"));
      List<Integer> shown = new ArrayList<>();
      node.get("shown_slices").forEach(slice -> shown.add(slice.asInt()));
      GroundTruth truth = new GroundTruth(mask, shown, rule, boxes(node.get("key_boxes_px")));
      entries.put(name, new Entry(node, mask, rule, truth));
    }
    return entries;
  }

  private static BinaryMask mask(GoldenTensors tensors, String name, GridSize size) {
    BinaryMask.Builder mask = BinaryMask.builder(size);
    if (tensors.has(name + ".indices")) {
      for (int index : tensors.ints(name + ".indices")) {
        mask.setIndex(index);
      }
    } else {
      int[] labels = tensors.ints(name + ".labels");
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] != 0) {
          mask.setIndex(i);
        }
      }
    }
    return mask.build();
  }

  private static BoxRule rule(JsonNode node) {
    return node.get("kind").asText().equals("single")
        ? new BoxRule.Single()
        : new BoxRule.Components(node.get("min_pixels").asInt(), node.get("max_boxes").asInt());
  }

  static List<PixelBox> boxes(JsonNode nodes) {
    List<PixelBox> boxes = new ArrayList<>();
    for (JsonNode node : nodes) {
      int[] v = ints(node);
      boxes.add(new PixelBox(v[0], v[1], v[2], v[3]));
    }
    return boxes;
  }

  static int[] ints(JsonNode nodes) {
    int[] values = new int[nodes.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = nodes.get(i).asInt();
    }
    return values;
  }
}
