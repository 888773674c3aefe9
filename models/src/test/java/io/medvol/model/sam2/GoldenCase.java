package io.medvol.model.sam2;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import io.medvol.testing.Golden;
import io.medvol.testing.GoldenTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One end-to-end case: a volume and its prompts. */
record GoldenCase(
    String volume, int slices, int rows, int columns, List<SlicePrompt> prompts, byte[] grey) {

  static GoldenCase read(Path folder, JsonNode described) {
    GoldenTensors volumes = Golden.tensors(folder.resolve("volumes.safetensors"));
    String volume = described.get("volume").asText();
    long[] size = volumes.shape(volume + ".slices");
    int rows = (int) size[1];
    int columns = (int) size[2];
    List<SlicePrompt> prompts = new ArrayList<>();
    for (JsonNode prompt : described.get("prompts")) {
      prompts.add(prompt(prompt, rows, columns));
    }
    return new GoldenCase(
        volume, (int) size[0], rows, columns, prompts, volumes.bytes(volume + ".slices"));
  }

  private static SlicePrompt prompt(JsonNode prompt, int rows, int columns) {
    int slice = prompt.get("slice").asInt();
    if (prompt.has("mask_box")) {
      JsonNode box = prompt.get("mask_box");
      BinaryMask.Builder mask = BinaryMask.builder(new GridSize(1, rows, columns));
      for (int row = box.get(1).asInt(); row <= box.get(3).asInt(); row++) {
        for (int column = box.get(0).asInt(); column <= box.get(2).asInt(); column++) {
          mask.set(0, row, column);
        }
      }
      return new SlicePrompt.Mask(slice, mask.build());
    }
    List<PromptPoint> points = new ArrayList<>();
    if (prompt.has("box")) {
      JsonNode box = prompt.get("box");
      points.add(point(box.get(0), box.get(1), PromptPoint.Label.BOX_TOP_LEFT));
      points.add(point(box.get(2), box.get(3), PromptPoint.Label.BOX_BOTTOM_RIGHT));
    }
    for (int i = 0; i < prompt.path("points").size(); i++) {
      JsonNode place = prompt.get("points").get(i);
      boolean inside = prompt.get("labels").get(i).asInt() == 1;
      points.add(
          point(
              place.get(0),
              place.get(1),
              inside ? PromptPoint.Label.FOREGROUND : PromptPoint.Label.BACKGROUND));
    }
    return new SlicePrompt.Points(slice, points);
  }

  private static PromptPoint point(JsonNode x, JsonNode y, PromptPoint.Label label) {
    return new PromptPoint((float) x.asDouble(), (float) y.asDouble(), label);
  }
}
