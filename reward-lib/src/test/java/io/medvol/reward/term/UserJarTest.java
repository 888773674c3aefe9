package io.medvol.reward.term;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A term that nobody here has compiled, in a jar of its own. */
class UserJarTest {
  private static final String SOURCE =
      """
      package org.example;

      import io.medvol.reward.RewardValue;
      import io.medvol.reward.term.RewardBatch;
      import io.medvol.reward.term.RewardTerm;
      import java.util.List;

      public final class Politeness implements RewardTerm {
        public String name() {
          return "politeness";
        }

        public List<RewardValue> score(RewardBatch batch) {
          return batch.completions().stream().map(text -> RewardValue.ok(1)).toList();
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void theTermOfAUsersJarIsFoundByItsNameAndByItsClass() throws IOException {
    URL jar = jar().toUri().toURL();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar}, before)) {
      thread.setContextClassLoader(loader);
      for (String name : List.of("politeness", "org.example.Politeness")) {
        RewardTerm term = RewardTerms.find("rewards.weights", name, List.of());
        assertThat(term.getClass().getName()).isEqualTo("org.example.Politeness");
      }
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private Path jar() throws IOException {
    Path source = Files.writeString(folder.resolve("Politeness.java"), SOURCE);
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
                folder.toString(),
                source.toString());
    assertThat(status).isZero();
    Path jar = folder.resolve("user.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("org/example/Politeness.class"));
      out.write(Files.readAllBytes(folder.resolve("org/example/Politeness.class")));
      out.putNextEntry(new JarEntry("META-INF/services/" + RewardTerm.class.getName()));
      out.write("org.example.Politeness".getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }
}
