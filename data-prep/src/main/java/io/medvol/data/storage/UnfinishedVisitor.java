package io.medvol.data.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** Removes drafts; does not follow links. */
final class UnfinishedVisitor extends SimpleFileVisitor<Path> {
  private final Path root;
  private final Set<String> owned;

  UnfinishedVisitor(Path root, Set<String> owned) {
    this.root = root;
    this.owned = owned;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    boolean anothers =
        !folder.equals(root) && owned.stream().anyMatch(name -> Files.exists(folder.resolve(name)));
    return anothers ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (LocalOutputStream.isUnfinished(file.getFileName().toString())) {
      Files.deleteIfExists(file);
    }
    return FileVisitResult.CONTINUE;
  }

  /** What cannot be looked into holds nothing that this user wrote. */
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) {
    return FileVisitResult.CONTINUE;
  }
}
