package farslot.cards.nettlp;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cards.nettlp.Wires.Sent;
import farslot.pcie.FlowClass;
import farslot.testkit.FakeRootComplex;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a program asks of the server's memory, and what it is told beforehand. */
class ProgramRequestsTest {
  private static final long MEMORY = 0x1000_0000L;

  private final Wires wires = new Wires();
  private final NetTlpFunction card = new NetTlpFunction(NetTlpConfig.USUAL, wires);
  private final FakeRootComplex root = new FakeRootComplex(card);

  ProgramRequestsTest() {
    root.enumerate();
    root.memory().map(MEMORY, 1 << 20);
    wires.seen.clear();
  }

  private long count(NetTlpEvent event) {
    return card.counts().getOrDefault(event.name().toLowerCase(), 0L);
  }

  private byte[] ask(int port, byte[] datagram) {
    wires.put(port, datagram);
    root.run();
    Sent sent = wires.seen.poll();
    if (sent == null) {
      return null;
    }
    assertThat(sent.port()).isEqualTo(port);
    return sent.datagram();
  }

  @Test
  void aReadByTheByte() {
    root.memory().putBytes(MEMORY + 0x101, new byte[] {1, 2, 3, 4, 5});
    byte[] answer = ask(0x3007, Datagrams.read(7, MEMORY + 0x101, 5));
    assertThat(Datagrams.text(answer).substring(12))
        .isEqualTo("4a000002" + "0000" + "0005" + "0300" + "07" + "01" + "0001020304050000");
  }

  @Test
  void readsAboveFourGiB() {
    root.memory().map(0x12_0000_0000L, 4096);
    root.memory().putBytes(0x12_0000_0010L, new byte[] {9, 8, 7, 6});
    byte[] answer = ask(0x30FF, Datagrams.read(255, 0x12_0000_0010L, 4));
    assertThat(Datagrams.data(answer)).containsExactly(9, 8, 7, 6);
  }

  @Test
  void aPageAsLibtlpEncodesIt() {
    byte[] page = new byte[4096];
    new Random(1).nextBytes(page);
    root.memory().putBytes(MEMORY, page);
    byte[] request = Datagrams.read(3, MEMORY, 4096);
    request[8] = 4; // Length 400h instead of 0.
    wires.put(0x3003, request);
    root.run();
    assertThat(wires.seen).as("as a root complex with 256-byte payloads").hasSize(16);
    int left = 4096;
    for (int at = 0; at < 4096; at += 256) {
      byte[] piece = wires.seen.poll().datagram();
      assertThat((piece[12] & 0xF) << 8 | piece[13] & 0xFF).isEqualTo(left & 0xFFF);
      assertThat(Datagrams.data(piece)).isEqualTo(Arrays.copyOfRange(page, at, at + 256));
      left -= 256;
    }
  }

  @Test
  void writesOfEveryShape() {
    ask(0x3000, Datagrams.write(0, MEMORY + 3, new byte[] {1, 2, 3, 4, 5, 6}));
    assertThat(root.memory().getBytes(MEMORY, 12))
        .containsExactly(0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0);
    wires.put(0x3000, Datagrams.hex("000000000000 40000002 0300 0095 10000100 a1a2a3a4a5a6a7a8"));
    root.run();
    assertThat(Datagrams.text(root.memory().getBytes(0x10000100L, 8)))
        .isEqualTo("a100a300a50000a8");
  }

  @Test
  void outsideTheWindowsNoByteMoves() {
    byte[] answer = ask(0x3005, Datagrams.read(5, 0x5000_0000L, 64));
    assertThat(Datagrams.text(answer).substring(12))
        .isEqualTo("0a000000" + "00002040" + "03000500");
    ask(0x3005, Datagrams.write(5, 0x5000_0000L, new byte[64]));
    assertThat(count(NetTlpEvent.PROGRAM_READS_FAILED)).isEqualTo(1);
  }

  @Test
  void withoutBusMasteringNothingIsRead() {
    root.memory().putBytes(MEMORY, new byte[] {1, 1, 1, 1});
    root.busMaster(false);
    byte[] answer = ask(0x3005, Datagrams.read(5, MEMORY, 4));
    assertThat(Datagrams.type(answer)).isEqualTo(0x0A);
    ask(0x3005, Datagrams.write(5, MEMORY, new byte[4]));
    root.busMaster(true);
    root.run();
    assertThat(root.memory().getBytes(MEMORY, 4)).containsExactly(1, 1, 1, 1);
    assertThat(count(NetTlpEvent.PROGRAM_NOT_BUS_MASTER)).isEqualTo(2);
  }

  @Test
  void oneReadForEachTag() {
    root.holdReads(true);
    wires.put(0x3001, Datagrams.read(1, MEMORY, 4));
    wires.put(0x3001, Datagrams.read(1, MEMORY + 4, 4));
    root.run();
    assertThat(count(NetTlpEvent.PROGRAM_TAG_IN_USE)).isEqualTo(1);
    root.holdReads(false);
    root.releaseReads(false);
    assertThat(wires.seen).hasSize(1);
    assertThat(ask(0x3001, Datagrams.read(1, MEMORY, 4))).isNotNull();
  }

  @Test
  void aReadOnAnotherTagsPortIsDropped() {
    assertThat(ask(0x3001, Datagrams.read(2, MEMORY, 4))).isNull();
    assertThat(ask(0x4000, Datagrams.read(0, MEMORY, 4))).isNull();
    assertThat(count(NetTlpEvent.BAD_PORT)).isEqualTo(2);
  }

  @Test
  void whatIsNeitherReadNorWrite() {
    byte[] answer = ask(0x3002, Datagrams.hex("000000000000 02000001 0300 020f 00001000"));
    assertThat(Datagrams.type(answer)).as("an I/O read is answered UR").isEqualTo(0x0A);
    ask(0x3002, Datagrams.hex("000000000000 34000000 0300 0220 0000000000000000"));
    assertThat(count(NetTlpEvent.BAD_TYPE)).isEqualTo(2);
  }

  @Test
  void malformedDatagramsAreCountedByCause() {
    byte[] good = Datagrams.write(0, MEMORY, new byte[] {1, 2, 3, 4});
    wires.put(0x3000, new byte[0]);
    wires.put(0x3000, Arrays.copyOf(good, 17));
    wires.put(0x3000, Arrays.copyOf(good, 21));
    wires.put(0x3000, Arrays.copyOf(good, 26));
    wires.put(0x3000, new byte[5000]);
    wires.put(0x3000, Datagrams.read(0, MEMORY + 4092, 8));
    byte[] type = good.clone();
    type[6] = 0x7F;
    wires.put(0x3000, type);
    byte[] poisoned = good.clone();
    poisoned[8] |= 0x40;
    wires.put(0x3000, poisoned);
    byte[] translated = good.clone();
    translated[8] |= 0x08;
    wires.put(0x3000, translated);
    root.run();
    assertThat(card.counts())
        .containsEntry("bad_too_short", 2L)
        .containsEntry("bad_length", 2L)
        .containsEntry("bad_too_long", 1L)
        .containsEntry("bad_crosses_page", 1L)
        .containsEntry("bad_malformed", 1L)
        .containsEntry("bad_poisoned", 1L)
        .containsEntry("bad_address_type", 1L);
    assertThat(root.memory().getBytes(MEMORY, 4)).containsOnly(0);
  }

  @Test
  void aMessageOfTheTableIsAnInterruptBehindItsData() {
    root.enableMsix();
    byte[] table = ask(0x2FFF, new byte[] {3, 0, 0, 0});
    assertThat(table).hasSize(192);
    ByteBuffer entry = ByteBuffer.wrap(table, 5 * 12, 12).order(ByteOrder.LITTLE_ENDIAN);
    long address = entry.getLong();
    byte[] data = new byte[4];
    entry.get(data);
    root.up().block(FlowClass.POSTED, true);
    wires.put(0x3000, Datagrams.write(0, MEMORY, new byte[] {7}));
    wires.put(0x3001, Datagrams.write(1, address, data));
    root.run();
    assertThat(root.interrupts().vectors()).isEmpty();
    root.up().block(FlowClass.POSTED, false);
    root.run();
    assertThat(root.interrupts().vectors()).containsExactly(5);
    assertThat(root.memory().getBytes(MEMORY, 1)).containsExactly(7);
  }

  @Test
  void withMsiTheTableHasItsMessages() {
    root.enableMsi();
    byte[] table = ask(0x2FFF, new byte[] {3, 0, 0, 0});
    ByteBuffer entry = ByteBuffer.wrap(table, 2 * 12, 12).order(ByteOrder.LITTLE_ENDIAN);
    long address = entry.getLong();
    byte[] data = new byte[4];
    entry.get(data);
    ask(0x3000, Datagrams.write(0, address, data));
    assertThat(root.interrupts().vectors()).containsExactly(2);
  }

  @Test
  void questionsAreAnswered() {
    ByteBuffer address =
        ByteBuffer.wrap(ask(0x2FFF, new byte[] {1, 0, 0, 0})).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(address.getLong()).isEqualTo(root.found().bars().get(4).address());
    assertThat(ask(0x2FFF, new byte[] {2, 0, 0, 0})).containsExactly(0x00, 0x01);
    assertThat(Datagrams.text(ask(0x4001, Datagrams.hex("3c0000000000"))))
        .isEqualTo("3c0080223776");
    assertThat(Datagrams.text(ask(0x5001, Datagrams.hex("000200000000"))))
        .isEqualTo("000205800000");
  }

  @Test
  void whatCannotBeAnsweredIsCounted() {
    assertThat(ask(0x2FFF, new byte[] {4, 0, 0, 0})).isNull();
    assertThat(ask(0x2FFF, new byte[] {1, 0, 0})).isNull();
    assertThat(ask(0x5001, new byte[] {0})).isNull();
    int command = root.configRead(4, 2);
    assertThat(ask(0x5001, Datagrams.hex("7c0100000000"))).as("a write").isNull();
    assertThat(root.configRead(4, 2)).isEqualTo(command);
    assertThat(count(NetTlpEvent.BAD_QUESTION)).isEqualTo(4);
  }

  @Test
  void aFullLinkHoldsTheProgramUp() {
    root.up().limit(FlowClass.POSTED, 2, 1000);
    for (int i = 0; i < 10; i++) {
      wires.put(0x3000, Datagrams.write(0, MEMORY + 4L * i, new byte[] {1, 1, 1, 1}));
    }
    assertThat(count(NetTlpEvent.PROGRAM_WRITES)).isLessThan(10);
    root.run();
    assertThat(count(NetTlpEvent.PROGRAM_WRITES)).isEqualTo(10);
    assertThat(root.memory().getBytes(MEMORY, 40)).containsOnly(1);
  }
}
