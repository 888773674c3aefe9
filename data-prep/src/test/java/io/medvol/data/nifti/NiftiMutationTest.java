package io.medvol.data.nifti;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.volume.GridSize;
import io.medvol.data.volume.MalformedVolumeException;
import io.medvol.data.volume.VolumeGeometry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to the bytes, a file is read or refused by its own exception. */
class NiftiMutationTest {
  private static final int MUTATIONS = 2000;
  private static final long MAX_VOXEL_BYTES = 8 << 20;

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void readsOrRefusesMutatedFiles(long seed) {
    byte[] zipped =
        NiftiBytes.gzipped(
            VolumeGeometry.canonical(new GridSize(4, 5, 6), 3, 1, 1), counting(4 * 5 * 6));
    byte[] plain = NiftiBytes.gunzip(zipped);
    SplittableRandom random = new SplittableRandom(seed);
    int[] outcomes = new int[2];
    Assertions.assertTimeout(
        Duration.ofSeconds(30),
        () -> {
          for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = mutate(i % 3 == 0 ? zipped : plain, random);
            outcomes[isRead(mutated, "seed " + seed + ", mutation " + i) ? 1 : 0]++;
          }
        });
    assertThat(outcomes).doesNotContain(0);
  }

  private static boolean isRead(byte[] file, String name) throws IOException {
    try {
      NiftiImage image =
          new NiftiReader(MAX_VOXEL_BYTES).read(name, new ByteArrayInputStream(file));
      image.toLabelVolume();
      image.toCtVolume();
      return true;
    } catch (MalformedVolumeException e) {
      assertThat(e).hasMessageStartingWith(name + ": ");
      return false;
    }
  }

  private static byte[] mutate(byte[] file, SplittableRandom random) {
    byte[] mutated = file.clone();
    // The header is where lies do harm; the voxels only take part now and then.
    int reach = random.nextInt(4) == 0 ? file.length : Math.min(file.length, 352);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(reach);
      mutated[at] =
          switch (random.nextInt(4)) {
            case 0 -> (byte) (mutated[at] ^ 1 << random.nextInt(8));
            case 1 -> (byte) 0xff;
            case 2 -> (byte) 0x7f;
            default -> (byte) random.nextInt(256);
          };
    }
    return random.nextInt(5) == 0 ? Arrays.copyOf(mutated, random.nextInt(file.length)) : mutated;
  }

  private static short[] counting(int count) {
    short[] values = new short[count];
    for (int i = 0; i < count; i++) {
      values[i] = (short) (i * 7 % 50);
    }
    return values;
  }
}
