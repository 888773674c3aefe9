package io.medvol.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A jar with a reward that nobody here has compiled: the README's. */
public final class RewardJar {
  public static final String CLASS = "org.example.Brevity";

  private static final String SOURCE =
      """
      package org.example;

      import io.medvol.reward.RewardValue;
      import io.medvol.reward.term.RewardBatch;
      import java.util.List;

      public final class Brevity implements io.medvol.reward.term.RewardTerm {
        public String name() { return "brevity"; }
        public List<RewardValue> score(RewardBatch batch) {
          return batch.completions().stream().map(text -> RewardValue.ok(1 / (1.0 + text.length()))).toList();
        }
      }
      """;

  private RewardJar() {}

  public static Path write(Path folder) throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    Path source = Files.writeString(folder.resolve("Brevity.java"), SOURCE);
    String classPath = System.getProperty("java.class.path");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                classPath,
                "-d",
                classes.toString(),
                source.toString());
    assertThat(status).isZero();
    Path jar = folder.resolve("reward.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      String entry = CLASS.replace('.', '/') + ".class";
      out.putNextEntry(new JarEntry(entry));
      out.write(Files.readAllBytes(classes.resolve(entry)));
    }
    return jar;
  }
}
