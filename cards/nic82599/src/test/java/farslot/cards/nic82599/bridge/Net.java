package farslot.cards.nic82599.bridge;

import farslot.function.EthernetPort;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A switch with all that is plugged into it, and time in our hand. */
final class Net {
  static final HexFormat HEX = HexFormat.of();

  /** Somebody behind a port: keeps what came, as hex. */
  static final class Guest implements BridgePort.Receiver {
    final List<String> frames = new ArrayList<>();
    boolean full;
    boolean up;
    int linkChanges;

    @Override
    public boolean onFrame(MemorySegment frame, long offset, int bytes) {
      if (full) {
        return false;
      }
      frames.add(hex(frame, offset, bytes));
      return true;
    }

    @Override
    public void onLink(boolean nowUp, int mbps) {
      up = nowUp;
      linkChanges++;
    }

    /** What came since the last call. */
    List<String> came() {
      List<String> all = List.copyOf(frames);
      frames.clear();
      return all;
    }
  }

  /** The host's end. */
  static final class Uplink implements EthernetPort {
    final List<String> frames = new ArrayList<>();
    Receiver receiver;
    boolean refuses;
    boolean closed;

    @Override
    public void open(Receiver to) {
      receiver = to;
      to.onCarrier(true);
    }

    @Override
    public boolean send(MemorySegment from, long offset, int bytes) {
      if (!refuses) {
        frames.add(hex(from, offset, bytes));
      }
      return !refuses;
    }

    @Override
    public boolean carrier() {
      return true;
    }

    @Override
    public void close() {
      closed = true;
    }

    List<String> came() {
      List<String> all = List.copyOf(frames);
      frames.clear();
      return all;
    }
  }

  long nowNs = 1;
  final Uplink uplink = new Uplink();
  final Bridge bridge;
  final List<Guest> guests = new ArrayList<>();

  Net(PortPolicy... policies) {
    this(true, policies);
  }

  Net(boolean withUplink, PortPolicy... policies) {
    bridge =
        new Bridge(
            List.of(policies),
            withUplink ? Optional.of(uplink) : Optional.empty(),
            0xA0,
            () -> nowNs);
    for (int i = 0; i < policies.length; i++) {
      guests.add(new Guest());
      bridge.port(i).attach(guests.get(i));
    }
  }

  BridgePort port(int i) {
    return bridge.port(i);
  }

  Guest guest(int i) {
    return guests.get(i);
  }

  boolean send(int port, String hex) {
    MemorySegment frame = bytes(hex);
    // Not at the beginning of its memory: an offset that is forgotten shows.
    return bridge.port(port).send(frame, 6, (int) frame.byteSize() - 6);
  }

  void fromUplink(String hex) {
    MemorySegment frame = bytes(hex);
    uplink.receiver.onFrame(frame, 6, (int) frame.byteSize() - 6);
  }

  /** Address (six bytes in hex or a number), address, then the rest in hex. */
  static String frame(long to, long from, String rest) {
    return String.format("%012x%012x", to, from) + rest;
  }

  static String tag(int control) {
    return String.format("8100%04x", control);
  }

  static MemorySegment bytes(String hex) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(new byte[6]);
    all.writeBytes(HEX.parseHex(hex));
    return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, all.toByteArray());
  }

  static String hex(MemorySegment frame, long offset, int bytes) {
    return HEX.formatHex(frame.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE));
  }
}
