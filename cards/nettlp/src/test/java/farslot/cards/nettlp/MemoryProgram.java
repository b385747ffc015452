package farslot.cards.nettlp;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A program such as libtlp's psmem: BAR 4 is its memory. It also reads and writes the server's, and
 * remembers what it was answered.
 */
final class MemoryProgram implements Wires.Program {
  private final Wires wires;
  private final byte[] memory;
  private final ByteArrayOutputStream answered = new ByteArrayOutputStream();
  private int lastStatus = -1;

  MemoryProgram(Wires wires, int bytes) {
    this.wires = wires;
    memory = new byte[bytes];
    wires.program = this;
  }

  @Override
  public void onDatagram(int port, byte[] datagram) {
    switch (Datagrams.type(datagram)) {
      case 0x00, 0x20 -> answer(port, datagram);
      case 0x40, 0x60 -> store(datagram);
      case 0x4A -> {
        answered.writeBytes(Datagrams.data(datagram));
        lastStatus = 0;
      }
      case 0x0A -> lastStatus = datagram[12] >> 5 & 7;
      default -> throw new AssertionError("a program does not expect this");
    }
  }

  /** In pieces of 64 bytes: other programs may choose others. */
  private void answer(int port, byte[] request) {
    int enables = request[13] & 0xFF;
    int dws = request[9] & 0xFF | (request[8] & 3) << 8;
    int skip = (enables & 0xF) == 0 ? 0 : Integer.numberOfTrailingZeros(enables & 0xF);
    int last = dws == 1 ? enables & 0xF : enables >> 4;
    int behind = last == 0 ? 3 : Integer.numberOfLeadingZeros(last) - 28;
    long at = Datagrams.address(request) + skip;
    int left = 4 * dws - skip - behind;
    while (left > 0) {
      int piece = Math.min(left, 64 - (int) (at & 63));
      int from = (int) at & memory.length - 1;
      byte[] data = Arrays.copyOfRange(memory, from, from + piece);
      wires.put(port, Datagrams.completion(request, (int) at & 0x7F, left, data));
      at += piece;
      left -= piece;
    }
  }

  private void store(byte[] request) {
    int enables = request[13] & 0xFF;
    int header = (request[6] & 0x20) != 0 ? 22 : 18;
    int bytes = request.length - header;
    for (int i = 0; i < bytes; i++) {
      boolean first = i < 4;
      boolean lastDw = i >= bytes - 4 && bytes > 4;
      int lane = first ? enables & 0xF : lastDw ? enables >> 4 : 0xF;
      if ((lane >> (i & 3) & 1) != 0) {
        memory[(int) (Datagrams.address(request) + i) & memory.length - 1] = request[header + i];
      }
    }
  }

  void dmaRead(int tag, long address, int bytes) {
    answered.reset();
    lastStatus = -1;
    wires.put(0x3000 + tag, Datagrams.read(tag, address, bytes));
  }

  void dmaWrite(int tag, long address, byte[] data) {
    wires.put(0x3000 + tag, Datagrams.write(tag, address, data));
  }

  byte[] answered() {
    return answered.toByteArray();
  }

  /** 3 bits; -1 while there is no answer. */
  int lastStatus() {
    return lastStatus;
  }
}
