package io.medvol.model;

import ai.djl.engine.EngineException;
import io.medvol.model.tensor.TorchRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What this process computes with, as far as it moves the last bits of a result: device, processor
 * family, the instruction sets libtorch and oneDNN choose, and libtorch's build. Two processes of
 * one kind give equal bits. How many processors there are does not matter: a worker computes with
 * one thread. The choice follows libtorch's {@code compute_cpu_capability} and oneDNN's {@code
 * get_effective_cpu_isa}, which honour {@code ATEN_CPU_CAPABILITY} and {@code ONEDNN_MAX_CPU_ISA}.
 *
 * @param device such as {@code cpu}
 * @param processor architecture and maker: MKL has code of its own for some makers
 * @param torch instruction set of libtorch's own kernels
 * @param oneDnn highest instruction set oneDNN uses
 * @param library name and version of libtorch
 */
public record MachineKind(
    String device, String processor, String torch, String oneDnn, String library) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final String UNKNOWN = "unknown";

  /** Names of oneDNN, each with what it needs beside the one before; ascending. */
  private record Isa(String name, Set<String> flags) {}

  private static final Set<String> CORE = Set.of("avx512f", "avx512bw", "avx512vl", "avx512dq");
  private static final List<Isa> ISAS =
      List.of(
          new Isa("SSE41", Set.of("sse4_1")),
          new Isa("AVX", Set.of("avx")),
          new Isa("AVX2", Set.of("avx2")),
          new Isa("AVX2_VNNI", Set.of("avx2", "avx_vnni")),
          new Isa("AVX2_VNNI_2", Set.of("avx2", "avx_vnni", "avx_vnni_int8", "avx_ne_convert")),
          new Isa("AVX512_CORE", CORE),
          new Isa("AVX512_CORE_VNNI", Set.of("avx512f", "avx512dq", "avx512_vnni")),
          new Isa("AVX512_CORE_BF16", Set.of("avx512_vnni", "avx512_bf16")),
          new Isa("AVX512_CORE_FP16", Set.of("avx512_bf16", "avx512_fp16", "avx_vnni")),
          new Isa("AVX512_CORE_AMX", Set.of("avx512_fp16", "amx_tile", "amx_int8", "amx_bf16")),
          new Isa("AVX512_CORE_AMX_FP16", Set.of("amx_tile", "amx_fp16")));

  /**
   * The kind of this process; loads the native library.
   *
   * @throws io.medvol.data.error.MedVolException RESOURCE if that cannot be loaded
   */
  public static MachineKind here() {
    try {
      return of(
          System.getenv(),
          System.getProperty("os.arch"),
          firstProcessor(),
          TorchRuntime.device(),
          TorchRuntime.version());
    } catch (EngineException | UnsatisfiedLinkError e) {
      throw Policies.unusable(e);
    }
  }

  /** Of all of a machine's, which are of one kind; empty where the system does not tell. */
  private static String firstProcessor() {
    StringBuilder text = new StringBuilder();
    try (BufferedReader lines = Files.newBufferedReader(CPU_INFO)) {
      String line = lines.readLine();
      while (line != null && !line.isBlank()) {
        text.append(line).append('\n');
        line = lines.readLine();
      }
    } catch (IOException e) {
      return "";
    }
    return text.toString();
  }

  /**
   * @param cpuInfo the lines of {@code /proc/cpuinfo} about a processor; empty where there are none
   */
  static MachineKind of(
      Map<String, String> environment,
      String architecture,
      String cpuInfo,
      String device,
      String library) {
    Set<String> flags = new HashSet<>(List.of(field(cpuInfo, "flags").split(" +")));
    String maker = field(cpuInfo, "vendor_id");
    return new MachineKind(
        device,
        maker.isEmpty() ? architecture : architecture + " " + maker,
        torch(environment.getOrDefault("ATEN_CPU_CAPABILITY", ""), flags),
        oneDnn(
            environment.getOrDefault(
                "ONEDNN_MAX_CPU_ISA", environment.getOrDefault("DNNL_MAX_CPU_ISA", "")),
            flags),
        library);
  }

  private static String field(String cpuInfo, String name) {
    return cpuInfo
        .lines()
        .filter(line -> line.startsWith(name) && line.indexOf(':') > 0)
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse("");
  }

  private static String torch(String asked, Set<String> flags) {
    if (Set.of("default", "avx2", "avx512").contains(asked)) {
      return asked.toUpperCase(Locale.ROOT);
    }
    if (flags.containsAll(Set.of("avx512vl", "avx512bw", "avx512dq", "fma"))) {
      return "AVX512";
    }
    return flags.containsAll(Set.of("avx2", "fma")) ? "AVX2" : "DEFAULT";
  }

  private static String oneDnn(String most, Set<String> flags) {
    List<String> names = ISAS.stream().map(Isa::name).toList();
    int limit = names.indexOf(most.toUpperCase(Locale.ROOT));
    for (int i = limit < 0 ? ISAS.size() - 1 : limit; i >= 0; i--) {
      if (flags.containsAll(ISAS.get(i).flags())) {
        return ISAS.get(i).name();
      }
    }
    return UNKNOWN;
  }

  /** In one line, such as {@code cpu amd64 AuthenticAMD, PyTorch 2.7.1 AVX512, oneDNN AVX2}. */
  @Override
  public String toString() {
    return device + " " + processor + ", " + library + " " + torch + ", oneDNN " + oneDnn;
  }
}
