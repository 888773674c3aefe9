package io.medvol.data.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.data.example.BoxRule;
import io.medvol.data.example.VrsSample;
import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Sha256;
import io.medvol.data.storage.Storage;
import io.medvol.data.volume.Affine;
import io.medvol.data.volume.CtVolume;
import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.PixelBox;
import io.medvol.data.volume.VolumeGeometry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardDatasetTest {
  private static final GridSize GRID = new GridSize(4, 3, 2);
  private static final VolumeGeometry GEOMETRY =
      new VolumeGeometry(GRID, Affine.ofRows(-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0));

  @TempDir Path folder;

  private final LocalStorage storage = new LocalStorage();

  private static VrsSample sample(String id, String volumeId, Integer key, BoxRule rule) {
    return new VrsSample(
        id,
        volumeId,
        "Where is the \"liver\"?\nSay it in 中文.",
        "liver",
        List.of(5, 6),
        rule,
        List.of(0, 2, 3),
        key,
        key == null ? List.of() : List.of(new PixelBox(0, 1, 1, 2)));
  }

  private ShardManifest prepare(VrsSample... samples) throws IOException {
    SliceShardWriter writer = new SliceShardWriter(storage, folder.toString());
    List<ShardEntry> shards = new ArrayList<>();
    for (String id : List.of("vb", "va")) {
      CtVolume volume = new CtVolume(GEOMETRY, new short[GRID.voxels()]);
      shards.add(writer.write(id, volume, Optional.empty()));
    }
    ShardManifest manifest =
        new ShardManifest(
            "toy",
            Map.of(5, "liver", 6, "liver tumour"),
            SampleStore.write(storage, folder.toString(), List.of(samples)),
            shards);
    manifest.commit(storage, folder.toString());
    return manifest;
  }

  private ShardDataset open() throws IOException {
    return ShardDataset.open(storage, folder.toString());
  }

  private MedVolException failure() {
    return catchThrowableOfType(MedVolException.class, this::open);
  }

  @Test
  void whatWasPreparedIsRead() throws IOException {
    VrsSample[] samples = {
      sample("a/1", "va", 2, new BoxRule.Single()),
      sample("a/2", "va", null, new BoxRule.Components(4, 3)),
    };
    ShardManifest manifest = prepare(samples);
    ShardDataset dataset = open();
    assertThat(dataset.manifest()).isEqualTo(manifest);
    assertThat(dataset.manifest().digest()).isEqualTo(manifest.digest()).hasSize(64);
    assertThat(dataset.samples()).containsExactly(samples);
    assertThat(dataset.manifest().shards())
        .extracting(ShardEntry::volumeId)
        .containsExactly("va", "vb");
    for (ShardEntry entry : dataset.manifest().shards()) {
      try (SliceShardReader reader = dataset.openShard(entry.volumeId())) {
        assertThat(reader.header().geometry()).isEqualTo(GEOMETRY);
      }
    }
  }

  @Test
  void theDigestFollowsTheContent() throws IOException {
    String one = prepare(sample("a", "va", 2, new BoxRule.Single())).digest();
    assertThat(prepare(sample("a", "va", 2, new BoxRule.Single())).digest()).isEqualTo(one);
    assertThat(prepare(sample("a", "va", 3, new BoxRule.Single())).digest()).isNotEqualTo(one);
  }

  @Test
  void aFolderWithoutAManifestIsNotPrepared() throws IOException {
    prepare();
    Files.delete(folder.resolve("manifest.json"));
    assertThat(failure().code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(failure())
        .hasMessageContaining("holds no prepared data set (manifest.json is missing)");
  }

  @Test
  void aManifestThatWasChangedOrIsBrokenIsRefused() throws IOException {
    prepare();
    Path file = folder.resolve("manifest.json");
    String json = Files.readString(file, UTF_8);
    Map<String, String> changes =
        Map.of(
            json.replace("\"toy\"", "\"toyy\""),
            "its digest does not fit",
            json.replace("shards/va-", "../va-"),
            "is no path below the manifest",
            json.replace("shards/va-", "/etc/va-"),
            "is no path below the manifest",
            json.replace("\"va\"", "\"vb\""),
            "is listed twice",
            json.replace("\"columns\"", "\"colums\""),
            "property 'columns' (index 2). Prepare",
            json.replace("\"slices\" : 4", "\"slices\" : -4"),
            "at least one voxel",
            json.substring(0, json.length() / 2),
            "cannot be used",
            json.replace("\"schema-version\" : 1", "\"schema-version\" : 2"),
            "has schema version 2; this build reads up to 1",
            "[]",
            "its format is not medvol-shards");
    for (Map.Entry<String, String> change : changes.entrySet()) {
      Files.writeString(file, change.getKey(), UTF_8);
      assertThat(failure()).hasMessageContaining(change.getValue());
    }
  }

  @Test
  void samplesMustBeTheOnesListedAndFitTheirVolumes() throws IOException {
    prepare(sample("a", "va", 2, new BoxRule.Single()));
    Path samples = folder.resolve(open().manifest().samples().path());
    Files.writeString(samples, "{}\n");
    assertThat(failure().code()).isEqualTo(ErrorCode.DAMAGED_DATA);
    assertThat(failure()).hasMessageContaining("are damaged: its SHA-256 is");
    Files.delete(samples);
    assertThat(failure()).hasMessageContaining("are damaged: it is missing");
    prepare(sample("a", "nowhere", 2, new BoxRule.Single()));
    assertThat(failure()).hasMessageContaining("Volume nowhere is not in the manifest");
    prepare(sample("a", "va", 1, new BoxRule.Single()));
    assertThat(failure()).hasMessageContaining("Sample a shows slices [0, 2, 3] with key slice 1");
    VrsSample wide = sample("w", "va", 2, new BoxRule.Single());
    prepare(
        new VrsSample(
            "w",
            "va",
            wide.question(),
            wide.target(),
            wide.labels(),
            wide.boxRule(),
            wide.shownSlices(),
            2,
            List.of(new PixelBox(0, 0, 2, 0))));
    assertThat(failure())
        .hasMessageContaining("do not fit its volume of 4 slices, 3 rows and 2 columns");
    prepare(sample("a", "va", 2, new BoxRule.Single()), sample("a", "vb", 2, new BoxRule.Single()));
    assertThat(failure()).hasMessageContaining("the sample a occurs twice");
  }

  private Path shard(ShardDataset dataset, String volumeId) {
    return folder.resolve(dataset.manifest().shard(volumeId).orElseThrow().path());
  }

  private static void requireDamaged(ThrowingCallable action, String... words) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DAMAGED_DATA))
        .hasMessageContainingAll(words);
  }

  @Test
  void aShardThatIsNotTheListedOneIsRefused() throws IOException {
    prepare();
    ShardDataset dataset = open();
    Path va = shard(dataset, "va");
    byte[] bytes = Files.readAllBytes(va);
    String listed = dataset.manifest().shard("va").orElseThrow().sha256();
    byte[] other = Files.readAllBytes(shard(dataset, "vb"));
    Files.write(va, other);
    requireDamaged(
        () -> dataset.openShard("va"), va.toString(), Sha256.of(other), listed, "Restore");
    Files.write(va, new byte[10]);
    requireDamaged(() -> dataset.openShard("va"), "it has 10 bytes, the manifest lists");
    requireDamaged(dataset::requireComplete, "1 of its 2 slice shards", va.toString());
    bytes[bytes.length / 2] ^= 1;
    Files.write(va, bytes);
    requireDamaged(() -> dataset.openShard("va"), listed);
    dataset.requireComplete();
    Files.delete(va);
    requireDamaged(() -> dataset.openShard("va"), "it cannot be opened", "does not exist");
    requireDamaged(dataset::requireComplete, "va", "is missing");
  }

  @Test
  void aShardThatChangesAfterItWasVerifiedIsVerifiedAgain() throws IOException {
    prepare();
    ShardDataset dataset = open();
    Path va = shard(dataset, "va");
    dataset.openShard("va").close();
    byte[] bytes = Files.readAllBytes(va);
    bytes[bytes.length / 2] ^= 1;
    Files.write(va, bytes);
    requireDamaged(() -> dataset.openShard("va"), "its SHA-256 is");
  }

  @Test
  void aShardIsReadWholeOnceOnly() throws IOException {
    prepare();
    List<String> opened = new ArrayList<>();
    Storage counting =
        (Storage)
            Proxy.newProxyInstance(
                Storage.class.getClassLoader(),
                new Class<?>[] {Storage.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("open")) {
                    opened.add((String) arguments[0]);
                  }
                  return method.invoke(storage, arguments);
                });
    ShardDataset dataset = ShardDataset.open(counting, folder.toString());
    for (int i = 0; i < 3; i++) {
      dataset.openShard("va").close();
    }
    assertThat(opened).containsOnlyOnce(shard(dataset, "va").toString());
  }

  @Test
  void everyFlippedBitOfWhatIsReadIsNoticed() throws IOException {
    prepare(sample("a", "va", 2, new BoxRule.Single()), sample("b", "vb", 3, new BoxRule.Single()));
    ShardManifest manifest = open().manifest();
    List<String> files = new ArrayList<>(List.of("manifest.json", manifest.samples().path()));
    manifest.shards().forEach(entry -> files.add(entry.path()));
    Random random = new Random(15);
    for (int flip = 0; flip < 200; flip++) {
      Path file = folder.resolve(files.get(flip % files.size()));
      byte[] sound = Files.readAllBytes(file);
      byte[] damaged = sound.clone();
      int bit = random.nextInt(8 * damaged.length);
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, damaged);
      assertThatThrownBy(
              () -> {
                ShardDataset dataset = open();
                for (ShardEntry entry : dataset.manifest().shards()) {
                  dataset.openShard(entry.volumeId()).close();
                }
              })
          .as("bit %d of %s", bit, file)
          .isInstanceOfSatisfying(
              MedVolException.class, e -> assertThat(e.code().exitCode()).isIn(2, 3));
      Files.write(file, sound);
    }
    assertThat(open().manifest()).isEqualTo(manifest);
  }

  @Test
  void aLaterPreparationLeavesTheDataSetBeforeItReadableUntilItsManifestIsThere()
      throws IOException {
    prepare(sample("a", "va", 2, new BoxRule.Single()));
    ShardManifest before = open().manifest();
    short[] hu = new short[GRID.voxels()];
    hu[3] = 7;
    ShardEntry changed =
        new SliceShardWriter(storage, folder.toString())
            .write("va", new CtVolume(GEOMETRY, hu), Optional.empty());
    SampleFile samples =
        SampleStore.write(
            storage, folder.toString(), List.of(sample("a", "va", 3, new BoxRule.Single())));
    ShardDataset old = open();
    assertThat(old.manifest()).isEqualTo(before);
    for (String id : List.of("va", "vb")) {
      old.openShard(id).close();
    }
    ShardManifest after = new ShardManifest("toy", Map.of(), samples, List.of(changed));
    after.commit(storage, folder.toString());
    after.removeOthers(storage, folder.toString());
    assertThat(storage.list(folder.resolve("shards").toString()))
        .containsExactly(changed.path().substring("shards/".length()));
    assertThat(storage.list(folder.toString()))
        .containsExactly("manifest.json", samples.path(), "shards");
    open().openShard("va").close();
  }
}
