package farslot.fuzz;

import farslot.capture.PcapngFormat;
import farslot.capture.PcapngWriter;
import farslot.pcie.PortStream;
import farslot.pcie.TlpOut;
import farslot.replay.Conversation;
import farslot.replay.ConversationReader;
import farslot.replay.Replay;
import farslot.testkit.FakeAgent;
import farslot.testkit.TlpPipe;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/** What any file shows of functions, played to a card that does what it likes. */
final class ConversationTarget implements Target {
  private static final Replay.Options OPTIONS = new Replay.Options(0, 1_000_000, List.of());

  @Override
  public void run(byte[] input) {
    ConversationReader.Contents contents;
    try {
      contents = ConversationReader.read(new ByteArrayInputStream(input));
    } catch (IOException e) {
      return; // What a file that is no capture ends in.
    }
    for (Conversation each : contents.conversations()) {
      play(each);
    }
  }

  private static void play(Conversation said) {
    FakeAgent agent = new FakeAgent();
    int[] reports = {0};
    Replay replay = new Replay(said, OPTIONS, agent, report -> reports[0]++);
    TlpPipe down = new TlpPipe("replay");
    Echo card = new Echo(replay);
    down.join(replay, card);
    replay.begin(new Path(down));
    for (int i = 0; i < 2000 && reports[0] == 0; i++) {
      if (!down.deliver()) {
        agent.advance(250_000_000);
      }
    }
    replay.end("enough");
    if (reports[0] != 1) {
      throw new AssertionError(reports[0] + " reports");
    }
  }

  private record Path(TlpPipe pipe) implements PortStream {
    @Override
    public TlpOut out() {
      return pipe;
    }

    @Override
    public int payloadBytesMax() {
      return 512;
    }

    @Override
    public void hotReset() {}

    @Override
    public void detach(String cause) {}
  }

  /** A card that says back what it hears, and sometimes reads. */
  private static final class Echo implements Hearer {
    private final Replay replay;
    private int heard;

    Echo(Replay replay) {
      this.replay = replay;
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      if (++heard % 2 == 0) {
        replay.onTlp(segment, offset, tlpBytes);
      }
      if (heard % 3 == 0) {
        byte[] read = Tlps.memoryRead(0x1000, heard & 0xFF);
        replay.onTlp(MemorySegment.ofArray(read), 0, read.length);
      }
    }
  }

  @Override
  public List<byte[]> seeds() {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PcapngWriter writer = new PcapngWriter(out);
      writer.section("farslot", "appliance a\ns, session 00000007: stream 1 ('disk', epoch 9)\n");
      int face = writer.describe(PcapngFormat.LINKTYPE_USER0, "tcp", "PCIeoE over tcp");
      int wire = writer.describe(PcapngFormat.LINKTYPE_ETHERNET, "eth0", "a wire");
      int seq = 1;
      for (byte[] tlp : new TlpTarget().seeds()) {
        byte[] record =
            Frames.join(
                Frames.push(1, 2 * (seq & 1), 0x1000, 64),
                Frames.record(1, 1, 0, 9, tlp),
                Frames.record(1, seq % 3 == 0 ? 6 : 5, 0, 9, new byte[16]));
        byte[] frame = Frames.frame(Frames.DATA, 0, 7, seq++, 1, record).array();
        writer.packet(face, seq, true, 0, MemorySegment.ofArray(frame), 0, frame.length);
        frame = Frames.frame(Frames.DATA, 0, 7, seq, 1, record).array();
        byte[] packet = ByteBuffer.allocate(18 + frame.length).put(18, frame).array();
        packet[12] = (byte) 0x88;
        packet[13] = (byte) 0xB5;
        writer.packet(wire, seq, false, 0, MemorySegment.ofArray(packet), 0, packet.length);
      }
      return List.of(out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
