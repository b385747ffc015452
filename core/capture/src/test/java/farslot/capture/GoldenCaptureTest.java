package farslot.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The specification's frames as a capture for who writes a peer or a dissector. When the frames
 * have changed, {@code -Dfarslot.golden.write=true} writes it anew.
 */
class GoldenCaptureTest {
  private static final long START_NS = 1_767_225_600_000_000_000L;

  /** The frames that the appliance sends; the capture is one of the initiator. */
  private static final Set<String> INBOUND =
      Set.of("welcome", "attached", "refused", "event", "credit", "refuse", "offer-with-crc");

  @Test
  void theCaptureHoldsTheSpecificationsFrames() throws IOException {
    Path file = Dissector.file().resolveSibling("../spec/pcieoe-golden.pcapng").normalize();
    byte[] expected = capture();
    if (Boolean.getBoolean("farslot.golden.write")) {
      Files.write(file, expected);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(expected);
  }

  private static byte[] capture() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PcapngWriter writer = new PcapngWriter(out);
    writer.section("farslot", "The frames of section 13 of docs/spec/pcieoe.md, 1 ms apart");
    int rail = writer.describe(PcapngFormat.LINKTYPE_USER0, "golden", "PCIeoE, by the book");
    long timeNs = START_NS;
    for (Map.Entry<String, byte[]> frame : Dissector.goldenFrames().entrySet()) {
      byte[] bytes = frame.getValue();
      boolean inbound = INBOUND.contains(frame.getKey());
      writer.packet(rail, timeNs, inbound, 0, MemorySegment.ofArray(bytes), 0, bytes.length);
      timeNs += 1_000_000;
    }
    return out.toByteArray();
  }
}
