package farslot.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a driver would say to the cards, to begin with. */
final class EndpointSeeds {
  private EndpointSeeds() {}

  private static Script.Writer write(Script.Writer to, int register, int value) {
    return to.u8(EndpointSlot.WRITE).u16(register).i32(value);
  }

  private static Script.Writer tlp(Script.Writer to, byte[] tlp) {
    to.u8(EndpointSlot.TLP);
    Tlps.write(to, tlp);
    return to;
  }

  private static Script.Writer answer(Script.Writer to, byte[] data) {
    byte[] first = java.util.Arrays.copyOf(data, 64);
    return to.u8(EndpointSlot.ANSWER).u8(0).u8(0).bytes(first);
  }

  private static byte[] entry(int opcode, int id, long prp, int cdw10, int cdw11, int cdw12) {
    ByteBuffer b = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    b.putInt(0, id << 16 | opcode).putInt(4, 1).putLong(24, prp);
    return b.putInt(40, cdw10).putInt(44, cdw11).putInt(48, cdw12).array();
  }

  /** Enables the controller, identifies, makes a pair of queues, reads and writes a block. */
  static byte[] nvme() {
    Script.Writer to = new Script.Writer().u8(0);
    write(to, 0x24, 0x000F000F);
    write(to, 0x28, 0x10000);
    write(to, 0x2C, 0);
    write(to, 0x30, 0x20000);
    write(to, 0x34, 0);
    write(to, 0x14, 0x00460001);
    to.u8(EndpointSlot.PASS).u16(100);
    to.u8(EndpointSlot.PUSH).u16(0x10000 / 64).u16(63).u8(0);
    byte[][] admin = {
      entry(6, 1, 0x30000, 1, 0, 0),
      entry(9, 2, 0, 7, 0x00030003, 0),
      entry(5, 3, 0x40000, 0x000F0001, 3, 0),
      entry(1, 4, 0x50000, 0x000F0001, 0x00010001, 0),
      entry(2, 5, 0x60000, 0x007F0002, 0, 0),
      entry(12, 6, 0, 0, 0, 0)
    };
    for (int i = 0; i < admin.length; i++) {
      write(to, 0x1000, i + 1);
      answer(to, admin[i]);
      to.u8(EndpointSlot.PASS).u16(1);
    }
    write(to, 0x1008, 3);
    answer(to, entry(2, 7, 0x70000, 0, 0, 0));
    answer(to, entry(1, 8, 0x80000, 1, 0, 0));
    answer(to, entry(0, 9, 0, 0, 0, 0));
    answer(to, new byte[64]);
    to.u8(EndpointSlot.PASS).u16(10);
    return to.u8(EndpointSlot.RESET).done();
  }

  /** DMA in both directions, interrupts, resets. */
  static byte[] scratch() {
    Script.Writer to = new Script.Writer().u8(1);
    write(to, 0x10, 0x12345678);
    write(to, 0x20, 0x10000);
    write(to, 0x24, 0);
    write(to, 0x28, 0);
    write(to, 0x2C, 64);
    write(to, 0x30, 0x101);
    answer(to, new byte[64]);
    write(to, 0x30, 0x102);
    write(to, 0x40, 1);
    write(to, 0x44, 1);
    to.u8(EndpointSlot.BLOCK | 8);
    tlp(to, Tlps.memoryRead(EndpointSlot.BAR0, 1));
    to.u8(EndpointSlot.BLOCK + 12);
    tlp(to, Tlps.configWrite(0x48, 15, 0x8000));
    return to.u8(EndpointSlot.PASS).u16(1000).done();
  }

  /** One TLP of each kind that an endpoint may get. */
  static byte[] requests() {
    Script.Writer to = new Script.Writer().u8(1);
    for (int register = 0; register < 0x100; register += 4) {
      tlp(to, Tlps.configRead(register, register / 4));
    }
    tlp(to, Tlps.memoryRead(EndpointSlot.BAR0 + 0x2000, 3));
    tlp(to, Tlps.memoryWrite(EndpointSlot.BAR0 + 0x2000, 64));
    tlp(to, Tlps.completion(0x100, 5, 0, 4, 0, new byte[4]));
    tlp(to, TlpTarget.bytes(0x34, 0, 0, 0, 1, 0, 0, 0x19, 0, 0, 0, 0, 0, 0, 0, 0));
    tlp(to, TlpTarget.bytes(0x42, 0, 0, 1, 0, 0, 3, 0x0F, 0, 0, 0x10, 0, 1, 2, 3, 4));
    tlp(to, TlpTarget.bytes(0x02, 0, 0, 1, 0, 0, 3, 0x0F, 0, 0, 0x10, 0));
    tlp(to, TlpTarget.bytes(0x4C, 0, 0, 1, 1, 0, 3, 0, 0, 0, 0x10, 0, 1, 2, 3, 4));
    return to.done();
  }
}
