package io.medvol.model.sam2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.volume.GridSize;
import io.medvol.model.tensor.TensorScope;
import io.medvol.model.tensor.Tensors;
import io.medvol.model.tensor.TorchRuntime;
import io.medvol.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
  private static final Path FOLDER = Golden.projectRoot().resolve("testdata/tiny-sam2");
  private static final GridSize SIZE = new GridSize(3, 40, 50);
  private static final long AMPLE = 1 << 28;

  private static TorchRuntime runtime;
  private static Sam2Model model;

  @BeforeAll
  static void open() {
    runtime = TorchRuntime.open();
    model = Sam2Model.load(GoldenSam2.config(FOLDER), FOLDER.resolve("model.pt"), runtime);
  }

  @AfterAll
  static void close() {
    model.close();
    runtime.close();
  }

  private static KeyedSlices slices(int shift) {
    return new KeyedSlices(
        new GreySlices(
            SIZE,
            slice -> {
              byte[] grey = new byte[SIZE.pixelsPerSlice()];
              for (int i = 0; i < grey.length; i++) {
                grey[i] = (byte) (i * 5 + (slice + shift) * 29);
              }
              return grey;
            }),
        model.config().imageSize());
  }

  private static List<float[]> values(SliceView view) {
    return view.tensors().stream().map(Tensors::floats).toList();
  }

  private static void assertSame(List<float[]> actual, List<float[]> expected) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).containsExactly(expected.get(i));
    }
  }

  @Test
  void theSameSlicesOfAnotherVolumeAreFound() {
    try (FeatureCache cache = new FeatureCache(model, AMPLE, Optional.empty())) {
      SliceView first = cache.of(List.of(1), slices(0)).get(0);
      assertThat(cache.of(List.of(0), slices(1)).get(0)).isSameAs(first);
      assertThat(cache.of(List.of(1), slices(1)).get(0)).isNotSameAs(first);
    }
  }

  @Test
  void itStaysWithinItsBytesAndFreesWhatItDrops() {
    int before = runtime.liveTensors();
    long one = SliceView.bytes(model.config(), model.type());
    try (FeatureCache cache = new FeatureCache(model, AMPLE, Optional.empty())) {
      long held = 0;
      for (NDArray tensor : cache.of(List.of(0), slices(0)).get(0).tensors()) {
        held += Tensors.bytes(tensor).remaining();
      }
      assertThat(cache.bytes()).isEqualTo(one).isEqualTo(held);
    }
    try (FeatureCache cache = new FeatureCache(model, 2 * one, Optional.empty())) {
      for (int shift = 0; shift < 6; shift++) {
        cache.of(List.of(0), slices(shift));
        assertThat(cache.bytes()).isLessThanOrEqualTo(2 * one);
      }
      cache.of(List.of(0, 1, 2), slices(0));
      assertThat(cache.bytes()).as("what one call needs stays until the next").isEqualTo(3 * one);
    }
    assertThat(runtime.liveTensors()).isEqualTo(before);
  }

  @Test
  void featuresOnDiskAreTheSameToTheBit(@TempDir Path folder) {
    FeatureFiles files = new FeatureFiles(folder, model);
    List<float[]> made;
    try (FeatureCache cache = new FeatureCache(model, AMPLE, Optional.of(files))) {
      made = values(cache.of(List.of(2), slices(0)).get(0));
    }
    try (TensorScope scope = runtime.storage()) {
      assertSame(values(files.read(slices(0).key(2), scope).orElseThrow()), made);
    }
    try (FeatureCache cache = new FeatureCache(model, AMPLE, Optional.of(files))) {
      assertSame(values(cache.of(List.of(2), slices(0)).get(0)), made);
    }
  }

  @Test
  void aFileThatIsCutOrChangedAnywhereCountsAsAbsent(@TempDir Path folder) throws IOException {
    FeatureFiles files = new FeatureFiles(folder, model);
    String key = slices(0).key(0);
    try (FeatureCache cache = new FeatureCache(model, AMPLE, Optional.of(files))) {
      cache.of(List.of(0), slices(0));
    }
    Path file = files.file(key);
    byte[] whole = Files.readAllBytes(file);
    int read = 0;
    int refused = 0;
    try (TensorScope scope = runtime.storage()) {
      List<float[]> expected = values(files.read(key, scope).orElseThrow());
      for (int i = 0; i < 120; i++) {
        byte[] broken = whole.clone();
        int tail = i < 60 ? 2000 : whole.length;
        int place = whole.length - 1 - (int) (i * 2654435761L % tail);
        broken[place] ^= (byte) (1 << (i % 8));
        Files.write(file, i % 10 == 9 ? Arrays.copyOf(whole, place) : broken);
        Optional<SliceView> found = files.read(key, scope);
        refused += found.isEmpty() ? 1 : 0;
        if (found.isPresent()) {
          // Padding and names of no meaning may change.
          assertSame(values(found.get()), expected);
          read++;
        }
      }
    }
    assertThat(refused).isGreaterThan(read);
    Files.write(file, new byte[0]);
    try (FeatureCache cache = new FeatureCache(model, AMPLE, Optional.of(files))) {
      cache.of(List.of(0), slices(0));
    }
    assertThat(Files.readAllBytes(file)).as("made anew").isEqualTo(whole);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void otherWeightsHaveOtherFiles(@TempDir Path folder) {
    FeatureFiles files = new FeatureFiles(folder, model);
    Sam2Config like = model.config();
    Sam2Config other =
        new Sam2Config(
            like.imageSize(),
            like.trunk(),
            like.neck(),
            new Sam2Config.MemoryAttention(
                like.memoryAttention().layers(), like.memoryAttention().feedForward(), 9999),
            like.memoryEncoder(),
            like.tracking());
    try (Sam2Model changed = Sam2Model.load(other, FOLDER.resolve("model.pt"), runtime)) {
      assertThat(new FeatureFiles(folder, changed).file("k")).isNotEqualTo(files.file("k"));
    }
    assertThat(new FeatureFiles(folder, model).file("k")).isEqualTo(files.file("k"));
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "");
    assertThatThrownBy(() -> new FeatureFiles(file.resolve("below"), model))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE))
        .hasMessageContaining("taken")
        .hasMessageContaining("propagator.cache-folder");
  }
}
