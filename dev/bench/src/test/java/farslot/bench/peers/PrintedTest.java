package farslot.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrintedTest {
  @Test
  void fioTellsReadsAndWritesInOneLine() {
    StringBuilder line = new StringBuilder("3;fio-3.33;farslot;0;0");
    for (int field = 5; field < 130; field++) {
      line.append(';').append(field == 7 ? "14766" : field == 48 ? "123" : "0");
    }
    String text = "fio: connected to NBD server\n" + line + "\n";
    assertThat(Printed.byFio(text, false)).isEqualTo(14766);
    assertThat(Printed.byFio(text, true)).isEqualTo(123);
  }

  @Test
  void iscsiPerfGoesOnSayingHowFarItIs() {
    String text = "iops current 5000 \riops average 6188 (24 MB/s)   \riops average 6200 (24 MB/s)";
    assertThat(Printed.byIscsiPerf(text)).isEqualTo(6200);
  }

  @Test
  void spdkTellsATotal() {
    String text =
        """
        Device Information                        :       IOPS      MiB/s    Average        min
        TCP (addr:127.0.0.1) NSID 1 from core  1:     314.00       1.23    3471.97      22.11
        ==========
        Total                                     :     628.50       1.23    3471.97      22.11
        """;
    assertThat(Printed.bySpdk(text)).isEqualTo(628.5);
  }

  @Test
  void whatIsNotUnderstoodIsShown() {
    assertThatThrownBy(() -> Printed.byFio("fio: engine nbd not loadable", false))
        .hasMessageContaining("fio printed something unknown: fio: engine nbd not loadable");
    assertThatThrownBy(() -> Printed.bySpdk("")).hasMessageContaining("spdk_nvme_perf");
  }

  @Test
  void toolsAreFoundInNamedFoldersFirstAndOthersAreMissing(@TempDir Path dir) throws Exception {
    Path program = Files.createFile(dir.resolve("sh"));
    Tools tools = new Tools(List.of(dir));
    assertThat(tools.missing(List.of("sh", "no-such-program"))).containsExactly("no-such-program");
    assertThat(tools.path("sh")).isNotEqualTo(program.toString());
    assertThat(program.toFile().setExecutable(true)).isTrue();
    assertThat(tools.path("sh")).isEqualTo(program.toString());
  }
}
