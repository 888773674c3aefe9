package io.medvol.spark.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import io.medvol.data.storage.LocalStorage;
import io.medvol.data.storage.Storage;
import io.medvol.testing.StorageContract;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopStorageTest extends StorageContract {
  private final Storage storage = new HadoopStorage(new Configuration());
  @TempDir private Path folder;

  @Override
  protected Storage storage() {
    return storage;
  }

  @Override
  protected String root() {
    return "file://" + folder;
  }

  @Test
  void aDraftOfAKilledProcessIsNotListed() throws IOException {
    OutputStream abandoned = storage.create(root() + "/a");
    abandoned.write(1);
    abandoned.flush();
    assertThat(storage.list(root())).isEmpty();
    abandoned.close();
    assertThat(storage.list(root())).containsExactly("a");
  }

  @Test
  void theSchemeOfAPathChoosesTheStorage() {
    Configuration configuration = new Configuration();
    assertThat(Storages.of("/data/shards", configuration)).isInstanceOf(LocalStorage.class);
    assertThat(Storages.of("shards", configuration)).isInstanceOf(LocalStorage.class);
    assertThat(Storages.of("file:///data", configuration)).isInstanceOf(LocalStorage.class);
    assertThat(Storages.of("s3a://lake/shards", configuration)).isInstanceOf(HadoopStorage.class);
    assertThat(Storages.of("hdfs://name/shards", configuration)).isInstanceOf(HadoopStorage.class);
  }
}
