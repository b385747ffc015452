package farslot.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.link.Qos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QosConfigTest {
  @TempDir Path dir;

  private Qos read(String text) throws IOException {
    return ConfigFile.read(Files.writeString(dir.resolve("a.yaml"), text), QosConfig::read);
  }

  @Test
  void readsAllAndNothing() throws IOException {
    assertThat(read("qos: {committed: 100MB/s, peak: 1GB/s, burst: 256KiB, class: 3}"))
        .isEqualTo(new Qos(100_000_000, 1_000_000_000, 256 << 10, 3));
    assertThat(read("")).isEqualTo(Qos.NONE);
    assertThat(read("qos: {}")).isEqualTo(Qos.NONE);
    assertThat(read("qos: {class: 7}")).isEqualTo(new Qos(0, 0, 0, 7));
  }

  @ParameterizedTest
  @CsvSource({
    "5000000, 5000000",
    "100MB/s, 100000000",
    "100 MB/s, 100000000",
    "64MiB/s, 67108864",
    "64M, 64000000",
    "2.5Gbit/s, 312500000",
    "2.5gbps, 2500000000",
    "8000kB/s, 8000000",
    "1GiB/s, 1073741824"
  })
  void readsRates(String text, long bytesPerSecond) throws IOException {
    assertThat(read("qos: {peak: " + text + "}").peakBytesPerSecond()).isEqualTo(bytesPerSecond);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "qos: fast | 'qos: fast' should be 'key: value' entries of its own",
        "qos: {peak: fast} | 'peak: fast' should be a rate such as 100MB/s",
        "qos: {peak: -5MB/s} | should be a rate such as 100MB/s",
        "qos: {peak: 5TB/m} | should be a rate such as 100MB/s",
        "qos: {peak: 999999999999999GB/s} | is not within 1000000 to 1000000000000",
        "qos: {peak: 5kB/s} | peak: 5000 bytes a second is not within 1000000",
        "qos: {committed: 2MB/s, peak: 1MB/s} | peak: 1000000 bytes a second is less than",
        "qos: {peak: 2MB/s, burst: 1} | burst: 1 bytes is not within",
        "qos: {burst: 1MiB} | burst: means nothing without",
        "qos: {class: 8} | a number from 0 to 7",
        "qos: {rate: 3MB/s} | nothing here is called 'rate'"
      })
  void namesWhatIsWrong(String text, String words) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(words)
        .hasMessageContaining("a.yaml");
  }
}
