package farslot.cards.nettlp;

import farslot.function.DatagramPorts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;

/** Datagram ports without a network: a program's end is asked and spoken for by a test. */
final class Wires implements DatagramPorts {
  /** What a test stands in for. */
  interface Program {
    void onDatagram(int port, byte[] datagram);
  }

  record Sent(int port, byte[] datagram) {}

  private static final int BYTES_MAX = 6 + 4 * 4 + 16 + 4096 + 4;

  private final MemorySegment buffer = Arena.ofAuto().allocate(BYTES_MAX + 1, 8);
  private final ArrayDeque<Sent> toCard = new ArrayDeque<>();
  final ArrayDeque<Sent> seen = new ArrayDeque<>();
  Receiver receiver;
  Program program;
  boolean full;
  boolean closed;
  int resumed;

  @Override
  public void open(Receiver to) {
    receiver = to;
  }

  @Override
  public void resume() {
    resumed++;
    pump();
  }

  @Override
  public boolean send(int port, MemorySegment from, long offset, int bytes) {
    if (full) {
      return false;
    }
    byte[] datagram = from.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
    if (program == null) {
      seen.add(new Sent(port, datagram));
    } else {
      program.onDatagram(port, datagram);
    }
    return true;
  }

  /** From the program; waits while the card has no room, as in a socket. */
  void put(int port, byte[] datagram) {
    toCard.add(new Sent(port, datagram));
    pump();
  }

  private void pump() {
    while (!toCard.isEmpty() && receiver.hasRoom()) {
      Sent next = toCard.poll();
      int bytes = Math.min(next.datagram.length, BYTES_MAX + 1);
      MemorySegment.copy(next.datagram, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes);
      receiver.onDatagram(next.port, buffer, 0, bytes);
    }
  }

  @Override
  public long foreign() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
  }
}
