package io.medvol.data.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medvol.data.error.ErrorCode;
import io.medvol.data.error.MedVolException;
import io.medvol.testing.StorageContract;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest extends StorageContract {
  @TempDir Path folder;

  private final LocalStorage storage = new LocalStorage();

  @Override
  protected Storage storage() {
    return storage;
  }

  @Override
  protected String root() {
    return folder.toString();
  }

  @Test
  void plainPathsAndFileUrisNameTheSameFile() throws IOException {
    storage.commit(folder.resolve("a b.txt").toString(), "x".getBytes(UTF_8));
    String uri = folder.resolve("a b.txt").toUri().toString();
    assertThat(uri).startsWith("file:///");
    for (String form : List.of(uri, uri.replace("file:///", "file:/"))) {
      assertThat(storage.readAll(form, 10)).isEqualTo("x".getBytes(UTF_8));
    }
  }

  @Test
  void otherFileSystemsAreRefused() {
    assertThatThrownBy(() -> storage.open("s3a://bucket/ct.nii.gz"))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("s3a://bucket/ct.nii.gz is not on a local disk");
    assertThatThrownBy(() -> storage.exists("a\0b")).hasMessageContaining("is no path");
    assertThatThrownBy(() -> storage.exists("file://host/a")).hasMessageContaining("is no path");
  }

  @Test
  void aFolderIsNoFile() {
    assertThatThrownBy(() -> storage.open(folder.toString()))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("is a folder");
    assertThatThrownBy(() -> storage.create(folder.toString()))
        .isInstanceOf(MedVolException.class)
        .hasMessageContaining("a folder is in its place");
  }

  @Test
  @Timeout(20)
  void whatIsNoRegularFileIsRefusedBeforeItIsOpened() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    for (String path : List.of(pipe.toString(), "/dev/zero")) {
      for (ThrowingCallable access :
          List.<ThrowingCallable>of(
              () -> storage.open(path).close(),
              () -> storage.openChannel(path).close(),
              () -> storage.readAll(path, 10),
              () -> storage.version(path))) {
        assertThatThrownBy(access)
            .isInstanceOfSatisfying(
                MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
            .hasMessageContaining(path)
            .hasMessageContaining("a regular file was expected");
      }
    }
  }

  @Test
  void aFailedWriteLeavesNothingBehind() throws IOException {
    // A name of 256 bytes is beyond what the file systems allow, in every user's account.
    String tooLong = folder.resolve("x".repeat(256)).toString();
    assertThatThrownBy(() -> storage.commit(tooLong, new byte[1]))
        .isInstanceOfSatisfying(
            MedVolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE));
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anUnfinishedFileOfAKilledProcessIsNotListed() throws IOException {
    OutputStream abandoned = storage.create(folder.resolve("a").toString());
    abandoned.write(1);
    abandoned.flush();
    assertThat(storage.list(folder.toString())).isEmpty();
    abandoned.close();
    assertThat(storage.list(folder.toString())).containsExactly("a");
  }

  @Test
  void failuresOfTheDiskAreNamed() {
    assertThat(LocalOutputStream.writeFailure("/out/a", new IOException("No space left on device")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE))
        .hasMessage(
            "Path /out/a cannot be written: No space left on device; free space there or choose"
                + " another output.");
    assertThat(LocalStorage.unwritable("/out/x", new NoSuchFileException("/out")))
        .hasMessageContaining("cannot be written: /out cannot be made;");
    assertThat(LocalStorage.unwritable("/out", new AccessDeniedException("/out")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE))
        .hasMessageContaining("this user may not write there");
    assertThat(LocalStorage.unreadable("/in", new AccessDeniedException("/in")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("may not be read by this user");
  }

  @Test
  void deletingALinkKeepsWhatItPointsTo() throws IOException {
    Path kept = Files.createDirectories(folder.resolve("kept/inner"));
    Path linked = Files.createDirectories(folder.resolve("linked"));
    Files.createSymbolicLink(linked.resolve("link"), kept);
    storage.delete(linked.toString());
    assertThat(Files.exists(linked)).isFalse();
    assertThat(Files.exists(kept)).isTrue();
  }
}
