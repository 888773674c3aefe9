package io.medvol.model.propagator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.config.ConfigLoader;
import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.volume.Affine;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.VolumeGeometry;
import io.medvol.reward.propagation.EdgeBox;
import io.medvol.reward.propagation.EvidencePrompt;
import io.medvol.reward.propagation.MaskPropagator;
import io.medvol.reward.propagation.Propagation;
import io.medvol.testing.Golden;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropagatorsTest {
  private static final int SLICES = 3;
  private static final Path TINY = Golden.projectRoot().resolve("testdata/tiny-sam2");

  private static PropagatorConfig load(String... settings) {
    return ConfigLoader.of(PropagatorConfig.class).withSettings(List.of(settings)).load().value();
  }

  private static PropagatorConfig tiny(String... settings) {
    String[] all = new String[settings.length + 2];
    all[0] = "type=medsam2";
    all[1] = "checkpoint=" + TINY.resolve("model.pt");
    System.arraycopy(settings, 0, all, 2, settings.length);
    return load(all);
  }

  private static int voxels(MaskPropagator propagator) {
    GridSize size = new GridSize(SLICES, 40, 64);
    short[] hu = new short[size.voxels()];
    for (int i = 0; i < hu.length; i++) {
      int row = i / size.columns() % size.rows() - 20;
      int column = i % size.columns() - 30;
      hu[i] = (short) (row * row + column * column < 80 ? 100 : -20 + i % 9);
    }
    CtVolume ct =
        new CtVolume(
            new VolumeGeometry(size, Affine.ofRows(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0)), hu);
    EvidencePrompt prompt =
        new EvidencePrompt(1, List.of(new EdgeBox(20, 10, 41, 31)), 0, SLICES - 1);
    return ((Propagation.Mask) propagator.propagate(ct, List.of(prompt)).get(0)).mask().count();
  }

  @Test
  void theRegionGrowerNeedsNothing() {
    try (MaskPropagator propagator = Propagators.open(load())) {
      assertThat(propagator.name()).isEqualTo("region-grower");
      assertThat(voxels(propagator)).isPositive();
    }
    assertThat(Propagators.weightsDigest(load())).isEmpty();
  }

  @Test
  void anOfficialCheckpointIsOpenedWithTheConfigurationBesideIt() {
    try (MaskPropagator propagator = Propagators.open(tiny("mode=medvol-r1"))) {
      assertThat(propagator.name()).isEqualTo("medsam2");
      assertThat(voxels(propagator)).isBetween(0, 3 * 40 * 64);
    }
    assertThat(Propagators.weightsDigest(tiny())).hasSize(64);
  }

  @Test
  void theDigestFollowsTheContentAndNotThePath(@TempDir Path folder) throws IOException {
    Files.copy(TINY.resolve("model.pt"), folder.resolve("model.pt"));
    Files.copy(TINY.resolve("config.yaml"), folder.resolve("config.yaml"));
    PropagatorConfig copied =
        load("type=medsam2", "checkpoint=" + folder.resolve("model.pt"), "cache-bytes=1");
    assertThat(Propagators.weightsDigest(copied)).isEqualTo(Propagators.weightsDigest(tiny()));
    Files.writeString(folder.resolve("config.yaml"), "model: {}");
    assertThat(Propagators.weightsDigest(copied)).isNotEqualTo(Propagators.weightsDigest(tiny()));
  }

  @Test
  void medSam2WithoutWeightsIsRefusedBeforeAnythingRuns() {
    assertThatThrownBy(() -> load("type=medsam2"))
        .hasMessageContaining("checkpoint")
        .hasMessageContaining("not blank");
    assertThatThrownBy(() -> Propagators.open(load("type=medsam2", "checkpoint=/nowhere/x.pt")))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("/nowhere/x.pt")
        .hasMessageContaining("propagator.checkpoint");
  }

  @Test
  void theBundleNeedsNoPath() {
    PropagatorConfig config = load("type=medsam2", "checkpoint=bundle");
    try (MaskPropagator propagator = Propagators.open(config)) {
      assertThat(propagator.name()).isEqualTo("medsam2");
      assertThat(voxels(propagator)).isPositive();
    }
    assertThat(Propagators.weightsDigest(config))
        .hasSize(64)
        .isNotEqualTo(Propagators.weightsDigest(tiny()));
  }

  @Test
  void theBundleBringsItsOwnConfiguration() {
    assertThatThrownBy(() -> load("type=medsam2", "checkpoint=bundle", "model-config=other.yaml"))
        .hasMessageContaining("model-config")
        .hasMessageContaining("the bundle brings its own");
  }

  @Test
  void weightsThatAreNotTheDescribedOnesAreRefused(@TempDir Path folder) throws IOException {
    Files.copy(TINY.resolve("config.yaml"), folder.resolve("config.yaml"));
    Files.write(folder.resolve("model.safetensors"), new byte[8]);
    Files.writeString(folder.resolve("bundle.json"), "{\"weights-sha256\": \"00\"}");
    assertThatThrownBy(() -> Propagators.open(load("type=medsam2", "checkpoint=" + folder)))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("SHA-256");
  }

  @Test
  void aConfigurationOfAnotherModelIsRefused(@TempDir Path folder) throws IOException {
    Path other = folder.resolve("other.yaml");
    Files.writeString(other, "model:\n  image_size: 100\n");
    assertThatThrownBy(() -> Propagators.open(tiny("model-config=" + other)))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessageContaining("image_size");
  }

  @Test
  void filesThatAreNoCheckpointAreRefused(@TempDir Path folder) throws IOException {
    for (String name : List.of("weights.pt", "weights.safetensors")) {
      Path file = folder.resolve(name);
      Files.writeString(file, "not weights at all");
      PropagatorConfig config =
          load("type=medsam2", "checkpoint=" + file, "model-config=" + TINY.resolve("config.yaml"));
      assertThatThrownBy(() -> Propagators.open(config))
          .isInstanceOf(MedVolException.class)
          .hasMessageContaining(name);
    }
  }

  @Test
  void featuresStayInTheCacheFolderForTheNextRun(@TempDir Path folder) throws IOException {
    PropagatorConfig config =
        load("type=medsam2", "checkpoint=bundle", "cache-folder=" + folder.resolve("features"));
    int first;
    try (MaskPropagator propagator = Propagators.open(config)) {
      first = voxels(propagator);
    }
    List<Path> kept;
    try (Stream<Path> files = Files.list(folder.resolve("features"))) {
      kept = files.toList();
    }
    assertThat(kept).hasSize(SLICES);
    try (MaskPropagator propagator = Propagators.open(config)) {
      assertThat(voxels(propagator)).isEqualTo(first);
    }
    try (Stream<Path> files = Files.list(folder.resolve("features"))) {
      assertThat(files).containsExactlyInAnyOrderElementsOf(kept);
    }
  }

  @Test
  void theSettingsTravelToTheExecutors() throws IOException, ClassNotFoundException {
    PropagatorConfig config = tiny("stop-after-empty=3", "largest-component=true");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(config);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(config);
    }
  }
}
