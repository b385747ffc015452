package farslot.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What drivers of the other cards would say, to begin with. */
final class CardSeeds {
  private CardSeeds() {}

  private static Script.Writer write(Script.Writer to, int register, int value) {
    return to.u8(EndpointSlot.WRITE).u16(register).i32(value);
  }

  /** The oldest read of the card's gets 64 bytes. */
  private static Script.Writer answer(Script.Writer to, ByteBuffer data) {
    return to.u8(EndpointSlot.ANSWER).u8(0).u8(0).bytes(data.array());
  }

  private static ByteBuffer data() {
    return ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer descriptor(
      ByteBuffer to, long address, int bytes, int flags, int next) {
    return to.putLong(address).putInt(bytes).putShort((short) flags).putShort((short) next);
  }

  /** Virtio 1.x: features, a queue, a read by an indirect table and a write by a chain. */
  static byte[] virtio() {
    Script.Writer to = new Script.Writer();
    write(to, 0x14, 0);
    write(to, 0x14, 1);
    write(to, 0x14, 3);
    write(to, 0x08, 0);
    write(to, 0x0C, 1 << 28 | 1 << 9);
    write(to, 0x08, 1);
    write(to, 0x0C, 1);
    write(to, 0x14, 11);
    write(to, 0x18, 16);
    write(to, 0x20, 0x10000);
    write(to, 0x28, 0x11000);
    write(to, 0x30, 0x12000);
    write(to, 0x1C, 1);
    write(to, 0x14, 15);
    write(to, 0x3000, 0);
    answer(to, data().putInt(2 << 16));
    answer(to, data().putInt(3 << 16));
    answer(to, descriptor(data(), 0x20000, 48, 4, 0));
    answer(to, descriptor(data(), 0x21000, 16, 1, 4));
    ByteBuffer table = descriptor(data(), 0x22000, 16, 1, 1);
    descriptor(descriptor(table, 0x23000, 512, 3, 2), 0x24000, 1, 2, 0);
    answer(to, table);
    answer(to, descriptor(data(), 0x25000, 512, 1, 5));
    answer(to, data());
    answer(to, descriptor(data(), 0x26000, 1, 2, 0));
    answer(to, data().putInt(1));
    for (int i = 0; i < 10; i++) {
      answer(to, data());
    }
    write(to, 0x3004, 1); // a queue that is not enabled
    write(to, 0x14, 0);
    return to.u8(EndpointSlot.RESET).done();
  }

  /** A transmit queue and a receive queue, a frame, the mailbox, an interrupt. */
  static byte[] nic82599() {
    Script.Writer to = new Script.Writer();
    write(to, 0x0200, 0);
    write(to, 0x02FC, 2);
    write(to, 0x0200, 1);
    to.u8(EndpointSlot.PASS).u16(10);
    write(to, 0x2000, 0x30000);
    write(to, 0x2008, 256);
    write(to, 0x1014, 0x0000_0002);
    write(to, 0x1000, 0x40000);
    write(to, 0x1008, 256);
    write(to, 0x1028, 1 << 25);
    write(to, 0x1018, 8);
    write(to, 0x2028, 1 << 25);
    write(to, 0x2018, 1);
    ByteBuffer descriptor = data().putLong(0x50000).putInt(60 | 0x2B << 24).putInt(60 << 14);
    for (int i = 0; i < 6; i++) {
      answer(to, descriptor);
    }
    write(to, 0x0108, 7);
    write(to, 0x0104, 7);
    to.u8(EndpointSlot.PASS).u16(10);
    write(to, 0x0000, 1 << 26);
    return to.u8(EndpointSlot.RESET).done();
  }

  /** Characters out and in by loopback, on every offset that a model has its ports at. */
  static byte[] uart16550() {
    Script.Writer to = new Script.Writer();
    for (int at = 0; at < 32; at += 4) {
      write(to, at, 0x0700_0F01 | at << 8);
      write(to, at, 0x4142_4344);
    }
    to.u8(EndpointSlot.PASS).u16(1);
    return to.u8(EndpointSlot.RESET).done();
  }
}
