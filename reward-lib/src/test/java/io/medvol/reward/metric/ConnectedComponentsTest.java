package io.medvol.reward.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.volume.BinaryMask;
import io.medvol.data.volume.GridSize;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectedComponentsTest {
  @ParameterizedTest
  @EnumSource(ConnectedComponents.Connectivity.class)
  void componentsAreWhatOneCanReachFromVoxelToVoxel(ConnectedComponents.Connectivity connectivity) {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 40; round++) {
      GridSize size =
          new GridSize(1 + random.nextInt(6), 1 + random.nextInt(7), 1 + random.nextInt(80));
      double density = random.nextDouble(0.05, 1.05);
      BinaryMask.Builder builder = BinaryMask.builder(size);
      for (int i = 0; i < size.voxels(); i++) {
        if (random.nextDouble() < density) {
          builder.setIndex(i);
        }
      }
      BinaryMask mask = builder.build();
      List<Set<Integer>> expected = flooded(mask, connectivity.ordinal() + 1);
      List<ConnectedComponents.Component> found = ConnectedComponents.of(mask, connectivity);
      assertThat(found.stream().map(component -> voxels(component.mask())))
          .as("%s at %s", size, density)
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(found)
          .allSatisfy(
              component -> {
                assertThat(component.voxels()).isEqualTo(component.mask().count());
                assertThat(component.firstVoxel()).isEqualTo(component.mask().nextSet(0));
              })
          .isSortedAccordingTo((a, b) -> b.voxels() - a.voxels());
      LabelledRuns runs = LabelledRuns.of(mask, connectivity);
      assertThat(runs.components()).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        assertThat(runs.voxels(i)).as("component %s", i).isEqualTo(expected.get(i).size());
      }
    }
  }

  /** In the order of their first voxels. */
  private static List<Set<Integer>> flooded(BinaryMask mask, int axes) {
    GridSize size = mask.size();
    Set<Integer> left = voxels(mask);
    List<Set<Integer>> components = new ArrayList<>();
    while (!left.isEmpty()) {
      Set<Integer> component = new TreeSet<>();
      Deque<Integer> next = new ArrayDeque<>(List.of(left.iterator().next()));
      left.remove(next.peek());
      while (!next.isEmpty()) {
        int voxel = next.pop();
        component.add(voxel);
        for (int other : neighbours(voxel, size, axes)) {
          if (left.remove(other)) {
            next.push(other);
          }
        }
      }
      components.add(component);
    }
    return components;
  }

  private static List<Integer> neighbours(int voxel, GridSize size, int axes) {
    List<Integer> neighbours = new ArrayList<>();
    for (int code = 0; code < 27; code++) {
      int dz = code / 9 - 1;
      int dy = code / 3 % 3 - 1;
      int dx = code % 3 - 1;
      int z = voxel / size.pixelsPerSlice() + dz;
      int y = voxel / size.columns() % size.rows() + dy;
      int x = voxel % size.columns() + dx;
      boolean there =
          z >= 0 && y >= 0 && x >= 0 && z < size.slices() && y < size.rows() && x < size.columns();
      if (there && Math.abs(dz) + Math.abs(dy) + Math.abs(dx) <= axes) {
        neighbours.add(size.index(z, y, x));
      }
    }
    return neighbours;
  }

  private static Set<Integer> voxels(BinaryMask mask) {
    Set<Integer> voxels = new TreeSet<>();
    for (int voxel = mask.nextSet(0); voxel >= 0; voxel = mask.nextSet(voxel + 1)) {
      voxels.add(voxel);
    }
    return voxels;
  }
}
