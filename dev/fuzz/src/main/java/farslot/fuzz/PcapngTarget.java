package farslot.fuzz;

import farslot.capture.FrameRing;
import farslot.capture.PcapngFormat;
import farslot.capture.PcapngReader;
import farslot.capture.PcapngWriter;
import farslot.capture.Recording;
import farslot.capture.TlpFilter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Capture files from anywhere, and what is recorded of any frames that pass. */
final class PcapngTarget implements Target {
  private static final int BLOCKS_MAX = 1000;

  @Override
  public void run(byte[] input) throws IOException {
    List<FrameRing.Reader> readers = new ArrayList<>();
    for (Recording.Format format : Recording.Format.values()) {
      TlpFilter all = new TlpFilter(Set.of(), null);
      TlpFilter some = new TlpFilter(Set.of("MWr", "CplD"), new TlpFilter.Range(0, 0xFFFF));
      readers.add(recording(format, all));
      readers.add(recording(format, some));
    }
    PcapngReader reader = new PcapngReader(new ByteArrayInputStream(input));
    try {
      for (int i = 0; i < BLOCKS_MAX; i++) {
        Optional<PcapngReader.Block> block = reader.next();
        if (block.isEmpty()) {
          return;
        }
        if (block.get().type() == PcapngFormat.ENHANCED_PACKET) {
          show(block.get().body(), readers);
        }
      }
    } catch (IOException e) {
      // What a file that is none ends in.
    }
  }

  private static Recording recording(Recording.Format format, TlpFilter filter) throws IOException {
    return new Recording(
        new ByteArrayOutputStream(),
        new Recording.Options(format, "", filter, Long.MAX_VALUE, 0, true),
        (session, stream) -> "f" + stream,
        "");
  }

  private static void show(ByteBuffer body, List<FrameRing.Reader> readers) {
    byte[] packet = new byte[Math.max(0, body.remaining() - 20)];
    if (packet.length > 0) {
      body.get(20, packet);
    }
    MemorySegment segment = MemorySegment.ofArray(packet);
    for (FrameRing.Reader each : readers) {
      each.onFrame(1, (packet.length & 4) != 0, 0, 0, segment, 0, packet.length);
    }
  }

  @Override
  public List<byte[]> seeds() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PcapngWriter writer = new PcapngWriter(out);
      writer.section("farslot", "a comment");
      int face = writer.describe(PcapngFormat.LINKTYPE_USER0, "tcp", "PCIeoE over tcp");
      for (byte[] frame : Frames.samples()) {
        writer.packet(face, 1, true, 0, MemorySegment.ofArray(frame), 0, frame.length);
      }
      writer.statistics(face, 2, 6, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of(out.toByteArray());
  }
}
