package io.medvol.bench.large;

import io.medvol.model.directory.ModelDirectory;
import io.medvol.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Writes a Qwen2-VL model directory of a given shape with random weights. */
public final class MakeLargeCheckpoint implements Callable<Integer> {
  @Option(names = "--shape", description = "2b, that of Qwen2-VL-2B, medium or small.")
  private String shape = "2b";

  @Option(names = "--type", description = "Type of the weights: BF16 or F32.")
  private DType type = DType.BF16;

  @Option(names = "--from", description = "A Qwen2-VL directory that lends tokenizer and settings.")
  private Path from = Path.of("testdata", "tiny-qwen2-vl");

  @Option(names = "--seed", description = "Equal seeds give equal files.")
  private long seed = 1;

  @Option(names = "--out", required = true, description = "Folder to write; made if absent.")
  private Path folder;

  public static void main(String[] args) {
    System.exit(new CommandLine(new MakeLargeCheckpoint()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    long begun = System.nanoTime();
    new RandomModel(ModelSizes.named(shape), type, seed).write(ModelDirectory.open(from), folder);
    System.out.printf("%s in %.0f s%n", folder, (System.nanoTime() - begun) / 1e9);
    return 0;
  }
}
