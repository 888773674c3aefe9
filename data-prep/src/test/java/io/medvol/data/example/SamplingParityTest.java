package io.medvol.data.example;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.medvol.testing.Golden;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Sampled slices and key slices, compared row by row. */
@Tag("parity")
class SamplingParityTest {
  @TestFactory
  Stream<DynamicTest> samplesTheSameSlices() {
    return StreamSupport.stream(golden().get("sampling").get("rows").spliterator(), false)
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.get(1).asInt() + " of " + row.get(0).asInt(),
                    () ->
                        assertThat(SliceSampler.uniform(row.get(0).asInt(), row.get(1).asInt()))
                            .isEqualTo(integers(row.get(2)))));
  }

  @TestFactory
  Stream<DynamicTest> choosesTheSameKeySlice() {
    return StreamSupport.stream(golden().get("key_slices").spliterator(), false)
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.get("slices").size() + " slices", () -> compareKey(row)));
  }

  private static void compareKey(JsonNode row) {
    List<Integer> slices = integers(row.get("slices"));
    int[] areas = new int[Collections.max(slices) + 1];
    for (int i = 0; i < slices.size(); i++) {
      areas[slices.get(i)] = row.get("areas").get(i).asInt();
    }
    JsonNode key = row.get("key_slice");
    assertThat(KeySlice.choose(areas, slices))
        .isEqualTo(key.isNull() ? OptionalInt.empty() : OptionalInt.of(key.asInt()));
  }

  private static JsonNode golden() {
    var file = Golden.find("m3d/cases/01_sampling.json");
    Assumptions.assumeTrue(file.isPresent(), "the set holds no sampling");
    return Golden.json(file.get());
  }

  private static List<Integer> integers(JsonNode values) {
    List<Integer> integers = new ArrayList<>();
    values.forEach(value -> integers.add(value.asInt()));
    return integers;
  }
}
