package farslot.fuzz;

import farslot.function.DatagramPorts;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import farslot.testkit.FakeAgent;
import farslot.testkit.TlpPipe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * NetTLP's adapter between a server and a program that sends any datagrams: what the server has
 * asked is answered once, in time, whatever the program does.
 */
final class NetTlpTarget implements Target {
  private static final int DATAGRAM = 0;
  private static final int COMPLETION = 1;
  private static final int READ = 2;
  private static final int ANSWER = 4;
  private static final int BAR4 = 0xE0200000;
  private static final int[] PORTS = {
    0x2FFF, 0x3000, 0x3001, 0x30FF, 0x4000, 0x4001, 0x400F, 0x5001
  };
  private static final int DEEDS_MAX = 300;
  private static final int SENT_MAX = 64;
  private static final long SECOND_NS = 1_000_000_000L;

  @Override
  public void run(byte[] input) {
    new Slot().run(new Script(input));
  }

  /** The card, its server's end of the wire, and the program's end of the network. */
  private static final class Slot implements TlpIn, DatagramPorts {
    private final FakeAgent agent = new FakeAgent();
    private final TlpPipe up = new TlpPipe("card");
    private final TlpView tlp = new TlpView();
    private final MemorySegment datagram = Arena.ofAuto().allocate(8192, 8);
    private final ArrayDeque<byte[]> toProgram = new ArrayDeque<>();
    private final List<OpenRead> reads = new ArrayList<>();
    private final FunctionEndpoint endpoint;
    private Receiver card;
    private long asked;
    private long ended;

    Slot() {
      endpoint = new FunctionEndpoint(Cards.netTlp(this), agent);
      up.join(endpoint, this);
      endpoint.connect(up);
      setUp();
    }

    private void setUp() {
      send(Tlps.configWrite(0x20, 15, BAR4));
      send(Tlps.configWrite(0x04, 3, 7));
      settle();
    }

    void run(Script script) {
      for (int i = 0; i < DEEDS_MAX && script.goesOn(); i++) {
        deed(script.u8(), script);
        settle();
      }
      agent.advance(SECOND_NS);
      settle();
      if (ended != asked) {
        throw new AssertionError(ended + " answers to " + asked + " requests");
      }
      endpoint.unplug();
    }

    private void deed(int code, Script script) {
      switch (code % 8) {
        case DATAGRAM -> put(port(script), script.bytes(script.u8()));
        case COMPLETION -> complete(script);
        case READ -> send(Tlps.memoryRead(BAR4 + (script.u16() & ~3), script.u8()));
        case 3 -> send(Tlps.memoryWriteDw(BAR4 + (script.u16() & ~3), script.i32()));
        case ANSWER -> answer(script);
        case 5 -> agent.advance(script.u16() * 100_000L);
        case 6 -> card.onRefused(port(script));
        default -> reset();
      }
    }

    private static int port(Script script) {
      return PORTS[script.u8() % PORTS.length];
    }

    /** What a program would answer, with some bytes as the script has them. */
    private void complete(Script script) {
      byte[] request = toProgram.poll();
      if (request == null || request.length < 18) {
        return;
      }
      int bytes = 4 * Math.clamp(request[9] & 0xFF, 1, 64);
      ByteBuffer reply = ByteBuffer.allocate(18 + bytes).putInt(6, 0x4A00_0000 | bytes / 4);
      reply.putShort(10, (short) 0x100).putShort(12, (short) bytes);
      reply.put(14, request[10]).put(15, request[11]).put(16, request[12]);
      reply.put(17, (byte) (request[request.length - 1] & 0x7F));
      for (int changes = script.u8() & 3; changes > 0; changes--) {
        reply.put(6 + script.u8() % (reply.capacity() - 6), (byte) script.u8());
      }
      put(0x4000 + (request[12] & 0xF), reply.array());
    }

    private void answer(Script script) {
      int which = script.u8();
      if (!reads.isEmpty()) {
        send(reads.remove(which % reads.size()).answer(script));
      }
    }

    private void reset() {
      endpoint.onHotReset();
      settle();
      // What was asked before the reset is forgotten by both.
      ended = asked;
      reads.clear();
      setUp();
    }

    private void put(int port, byte[] bytes) {
      MemorySegment.copy(bytes, 0, datagram, ValueLayout.JAVA_BYTE, 0, bytes.length);
      card.onDatagram(port, datagram, 0, bytes.length);
    }

    private void settle() {
      for (int i = 0; i < 10_000 && (agent.runTasks() | up.deliver()); i++) {
        // Until all is out.
      }
    }

    private void send(byte[] bytes) {
      MemorySegment segment = MemorySegment.ofArray(bytes);
      if (TlpView.check(segment, 0, bytes.length) != null) {
        return;
      }
      tlp.wrap(segment, 0, bytes.length);
      asked += tlp.flowClass() == FlowClass.NON_POSTED ? 1 : 0;
      endpoint.onTlp(segment, 0, bytes.length);
    }

    @Override
    public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
      tlp.wrap(segment, offset, tlpBytes);
      if (TlpType.isCompletion(tlp.fmtType())) {
        boolean last = tlp.dataBytes() == 0 || tlp.completedBytes() == tlp.byteCount();
        ended += last ? 1 : 0;
      } else if (TlpType.isMemoryRead(tlp.fmtType())) {
        reads.add(OpenRead.of(tlp));
      }
    }

    @Override
    public void onRoom() {}

    @Override
    public void onHotReset() {}

    @Override
    public void onDown() {}

    @Override
    public void open(Receiver receiver) {
      card = receiver;
    }

    @Override
    public void resume() {}

    @Override
    public boolean send(int port, MemorySegment from, long offset, int bytes) {
      if (toProgram.size() < SENT_MAX) {
        toProgram.add(from.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE));
      }
      return true;
    }

    @Override
    public long foreign() {
      return 0;
    }

    @Override
    public void close() {}
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(asked(), program());
  }

  /** The server reads and writes, the program answers. */
  private static byte[] asked() {
    Script.Writer to = new Script.Writer();
    for (int i = 0; i < 8; i++) {
      to.u8(READ).u16(4 * i).u8(i).u8(COMPLETION).u8(0);
    }
    return to.u8(3).u16(16).i32(1).u8(READ).u16(0).u8(9).u8(5).u16(5001).done();
  }

  /** The program reads, writes and asks. */
  private static byte[] program() {
    Script.Writer to = new Script.Writer();
    byte[] header = new byte[6];
    byte[] read = Tlps.memoryRead(0x1000, 1);
    byte[] write = Tlps.memoryWrite(0x2004, 64);
    to.u8(DATAGRAM).u8(2).u8(18).bytes(header).bytes(read);
    to.u8(ANSWER).u8(0).u8(0).bytes(new byte[64]);
    to.u8(DATAGRAM).u8(1).u8(82).bytes(header).bytes(write);
    for (int question = 1; question < 4; question++) {
      to.u8(DATAGRAM).u8(0).u8(4).u8(question, 0, 0, 0);
    }
    to.u8(DATAGRAM).u8(7).u8(6).u8(0x3C, 4, 0, 0, 0, 0);
    return to.u8(6).u8(4).u8(7).done();
  }
}
