package io.medvol.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineKindTest {
  private static final String AVX2 = "sse4_1 avx avx2 fma";
  private static final String AVX512 = AVX2 + " avx512f avx512bw avx512vl avx512dq";
  private static final String ZEN4 = AVX512 + " avx512_vnni avx512_bf16";
  private static final String SAPPHIRE_RAPIDS =
      ZEN4 + " avx_vnni avx512_fp16 amx_tile amx_int8 amx_bf16";

  private static MachineKind kind(Map<String, String> environment, String flags) {
    String cpuInfo =
        "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu fpu " + flags + "\n\n";
    return MachineKind.of(
        environment, "amd64", cpuInfo + cpuInfo.replace(": 0", ": 1"), "cpu", "PyTorch 2.7.1");
  }

  @ParameterizedTest
  @CsvSource({
    "sse4_1, DEFAULT, SSE41",
    AVX2 + ", AVX2, AVX2",
    AVX2 + " avx_vnni, AVX2, AVX2_VNNI",
    AVX512 + ", AVX512, AVX512_CORE",
    ZEN4 + ", AVX512, AVX512_CORE_BF16",
    SAPPHIRE_RAPIDS + ", AVX512, AVX512_CORE_AMX"
  })
  void instructionSetsAreThoseTheLibrariesChoose(String flags, String torch, String oneDnn) {
    MachineKind kind = kind(Map.of(), flags);
    assertThat(kind.torch()).isEqualTo(torch);
    assertThat(kind.oneDnn()).isEqualTo(oneDnn);
  }

  @ParameterizedTest
  @CsvSource({
    "ATEN_CPU_CAPABILITY, default, DEFAULT, AVX512_CORE_BF16",
    "ATEN_CPU_CAPABILITY, avx2, AVX2, AVX512_CORE_BF16",
    "ATEN_CPU_CAPABILITY, nonsense, AVX512, AVX512_CORE_BF16",
    "ONEDNN_MAX_CPU_ISA, AVX2, AVX512, AVX2",
    "ONEDNN_MAX_CPU_ISA, avx512_core, AVX512, AVX512_CORE",
    "ONEDNN_MAX_CPU_ISA, AVX512_CORE_AMX, AVX512, AVX512_CORE_BF16",
    "ONEDNN_MAX_CPU_ISA, ALL, AVX512, AVX512_CORE_BF16",
    "DNNL_MAX_CPU_ISA, AVX, AVX512, AVX"
  })
  void theirVariablesAreHonoured(String name, String value, String torch, String oneDnn) {
    MachineKind kind = kind(Map.of(name, value), ZEN4);
    assertThat(kind.torch()).isEqualTo(torch);
    assertThat(kind.oneDnn()).isEqualTo(oneDnn);
  }

  @Test
  void aKindIsOneLine() {
    assertThat(kind(Map.of(), ZEN4))
        .hasToString("cpu amd64 GenuineIntel, PyTorch 2.7.1 AVX512, oneDNN AVX512_CORE_BF16");
    assertThat(MachineKind.of(Map.of(), "aarch64", "", "cpu", "PyTorch 2.7.1"))
        .hasToString("cpu aarch64, PyTorch 2.7.1 DEFAULT, oneDNN unknown");
    assertThat(MachineKind.here()).isEqualTo(MachineKind.here());
    assertThat(MachineKind.here().toString()).startsWith("cpu ").contains("PyTorch 2.");
  }
}
