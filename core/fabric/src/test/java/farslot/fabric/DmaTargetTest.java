package farslot.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpView;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DmaTargetTest {
  private static final long RAM = Bench.RAM;

  private static byte[] bytes(Bench bench, long at, int count) {
    byte[] out = new byte[count];
    MemorySegment.copy(bench.ram, ValueLayout.JAVA_BYTE, at, out, 0, count);
    return out;
  }

  @Test
  void readsAndWritesInsideWindows() {
    Bench bench = Bench.up();
    byte[] pattern = new byte[4096];
    new Random(2).nextBytes(pattern);
    bench.card.dmaWrite(RAM + 0x1000, pattern);
    bench.card.dmaWrite(RAM + 0x2001, (byte) 1, (byte) 2, (byte) 3);
    bench.card.dmaRead(7, RAM + 0x1000, 4096);
    bench.card.dmaRead(1023, RAM + 0x2003, 1);
    bench.run();
    assertThat(bytes(bench, 0x1000, 4096)).isEqualTo(pattern);
    assertThat(bytes(bench, 0x2000, 5)).containsExactly(0, 1, 2, 3, 0);
    FakeCard.Answer whole = bench.card.answers.get(0);
    assertThat(whole.data()).isEqualTo(pattern);
    assertThat(whole.byteCount()).isEqualTo(4096);
    FakeCard.Answer one = bench.card.answers.get(1);
    assertThat(one.tag()).isEqualTo(1023);
    assertThat(one.lowerAddress()).isEqualTo(3);
    assertThat(one.data()).containsExactly(3);
  }

  @Test
  void splitsAtThePayloadSize() {
    Bench bench = new Bench();
    bench.card.config.putInt(FakeCard.PCIE + 4, 0x1000_0001); // 256 bytes
    bench.attach();
    bench.port.dmaWindows().map(new DmaWindow(RAM, 1 << 16, Access.READ_WRITE, bench.ram, null));
    bench.configWrite(4, 2, 4);
    byte[] pattern = new byte[1024];
    new Random(3).nextBytes(pattern);
    MemorySegment.copy(pattern, 0, bench.ram, ValueLayout.JAVA_BYTE, 0x30, 1024);
    bench.card.dmaRead(5, RAM + 0x31, 1000);
    bench.run();
    assertThat(bench.card.answers).hasSize(5);
    ByteBuffer joined = ByteBuffer.allocate(1000);
    int left = 1000;
    for (FakeCard.Answer answer : bench.card.answers) {
      assertThat(answer.byteCount()).isEqualTo(left);
      assertThat(answer.lowerAddress()).isEqualTo(0x31 + 1000 - left & 0x7F);
      joined.put(answer.data());
      left -= answer.data().length;
    }
    assertThat(joined.array()).isEqualTo(Arrays.copyOfRange(pattern, 1, 1001));
    // Writes towards the card keep to its payload size too.
    bench.card.log.clear();
    MemorySegment from = Arena.ofAuto().allocate(600);
    bench.port.write(0, 1, from, 0, 600, new Bench.Reply(), 78);
    bench.run();
    assertThat(bench.card.log).containsExactly("MWr 1 255", "MWr 100 256", "MWr 200 89");
  }

  @Test
  void refusesWhatIsOutside() {
    Bench bench = Bench.up();
    MemorySegment readOnly = Arena.ofAuto().allocate(4096, 4096);
    bench.port.dmaWindows().map(new DmaWindow(0x5000_0000L, 4096, Access.READ, readOnly, null));
    bench.card.dmaRead(1, 0x4000_0000L, 64);
    bench.card.dmaRead(2, RAM + (1 << 16), 4);
    bench.card.dmaRead(3, 0xFFFF_FFFF_FFFF_FFF0L, 16);
    bench.card.dmaWrite(0x5000_0000L, (byte) 9);
    bench.card.dmaWrite(RAM - 4, new byte[] {1, 1, 1, 1});
    bench.run();
    assertThat(bench.card.answers).extracting(FakeCard.Answer::status).containsExactly(1, 1, 1);
    assertThat(readOnly.get(ValueLayout.JAVA_BYTE, 0)).isZero();
    assertThat(bench.port.count(PortEvent.DMA_OUTSIDE_WINDOWS)).isEqualTo(5);
  }

  @Test
  void refusesBeforeBusMasteringAndAfterUnmap() {
    Bench bench = Bench.up();
    bench.configWrite(4, 2, 2);
    bench.card.dmaRead(1, RAM, 4);
    bench.card.dmaWrite(RAM, (byte) 5);
    bench.port.arm(LocalFunction.IRQ_MSIX, 0, new boolean[] {true});
    bench.run();
    bench.card.msix(0);
    bench.run();
    assertThat(bench.port.count(PortEvent.DMA_NOT_BUS_MASTER)).isEqualTo(3);
    assertThat(bench.events).isEmpty();
    bench.configWrite(4, 2, 6);
    bench.port.dmaWindows().unmap(RAM, 1 << 16);
    bench.card.dmaRead(2, RAM, 4);
    bench.run();
    assertThat(bench.card.answers).extracting(FakeCard.Answer::status).containsExactly(1, 1);
    assertThat(bytes(bench, 0, 1)).containsExactly(0);
  }

  @Test
  void unmapsUnderAReadThatWaits() {
    Bench bench = Bench.up();
    bench.down.credits(FlowClass.COMPLETION, 0);
    bench.card.dmaRead(1, RAM, 64);
    bench.card.dmaRead(2, 0x4000_0000L, 64);
    bench.run();
    bench.port.dmaWindows().unmap(RAM, 1 << 16);
    bench.down.refill(bench.port);
    bench.run();
    assertThat(bench.card.answers).extracting(FakeCard.Answer::status).containsExactly(1, 1);
    assertThat(bench.card.answers.get(0).byteCount()).isEqualTo(64);
  }

  @Test
  void answersAZeroLengthRead() {
    Bench bench = Bench.up();
    bench.card.dmaRead(1, RAM + 0x40, 0);
    bench.run();
    assertThat(bench.card.answers).hasSize(1);
    assertThat(bench.card.answers.get(0).status()).isZero();
    assertThat(bench.card.answers.get(0).byteCount()).isOne();
  }

  @Test
  void boundsAFloodOfReads() {
    Bench bench = Bench.up();
    bench.down.credits(FlowClass.COMPLETION, 0);
    for (int i = 0; i < 3000; i++) {
      bench.card.dmaRead(i & 1023, RAM, 4);
    }
    bench.run();
    assertThat(bench.port.count(PortEvent.DMA_FLOOD)).isEqualTo(3000 - Completions.PARKED_MAX);
    bench.down.refill(bench.port);
    bench.run();
    assertThat(bench.card.answers).hasSize(Completions.PARKED_MAX);
  }

  @Test
  void honoursByteEnablesWithHoles() {
    Bench bench = Bench.up();
    bench.ram.asSlice(0, 16).fill((byte) 0x77);
    byte[] tlp = write32(RAM, 1, 0b1001, 0, 1, 2, 3, 4);
    bench.card.raw(FlowClass.POSTED, tlp, 4);
    bench.card.raw(FlowClass.POSTED, write32(RAM + 8, 1, 0, 0, 1, 2, 3, 4), 4);
    bench.run();
    assertThat(bytes(bench, 0, 12))
        .containsExactly(1, 0x77, 0x77, 4, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77);
    byte[] poisoned = write32(RAM, 1, 15, 0, 9, 9, 9, 9);
    poisoned[2] |= 0x40;
    bench.card.raw(FlowClass.POSTED, poisoned, 4);
    bench.run();
    assertThat(bytes(bench, 0, 1)).containsExactly(1);
    assertThat(bench.port.count(PortEvent.DMA_POISONED)).isOne();
  }

  private static byte[] write32(long address, int dw, int first, int last, int... data) {
    ByteBuffer tlp = ByteBuffer.allocate(12 + data.length);
    tlp.putInt(0x4000_0000 | dw).putInt(0x0100_0000 | last << 4 | first).putInt((int) address);
    for (int b : data) {
      tlp.put((byte) b);
    }
    return tlp.array();
  }

  @Test
  void doesAtomics() {
    Bench bench = Bench.up();
    ByteBuffer ram = bench.ram.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    ram.putInt(0, 40);
    ram.putLong(8, 0x1_0000_0001L);
    ram.putInt(16, 5);
    bench.card.raw(FlowClass.NON_POSTED, atomic(0x4C, RAM, 1, 2), 4);
    bench.card.raw(FlowClass.NON_POSTED, atomic(0x4D, RAM + 8, 2, 3, 4), 8);
    bench.card.raw(FlowClass.NON_POSTED, atomic(0x4E, RAM + 16, 2, 5, 6), 8);
    bench.card.raw(FlowClass.NON_POSTED, atomic(0x4E, RAM + 16, 2, 5, 7), 8);
    bench.card.raw(FlowClass.NON_POSTED, atomic(0x4C, 0x4000_0000L, 1, 2), 4);
    bench.card.raw(FlowClass.NON_POSTED, atomic(0x4E, RAM + 32, 8, 0, 0, 0, 0, 1, 1, 1, 1), 32);
    bench.run();
    assertThat(ram.getInt(0)).isEqualTo(42);
    assertThat(ram.getLong(8)).isEqualTo(0x4_0000_0003L);
    assertThat(ram.getInt(16)).isEqualTo(6);
    assertThat(bench.card.answers)
        .extracting(FakeCard.Answer::status)
        .containsExactly(0, 0, 0, 0, 1, 1);
    assertThat(bench.card.answers.get(0).data()).containsExactly(40, 0, 0, 0);
    assertThat(bench.card.answers.get(1).data()).containsExactly(1, 0, 0, 0, 1, 0, 0, 0);
    assertThat(bench.card.answers.get(3).data()).containsExactly(6, 0, 0, 0);
    assertThat(ram.getInt(32)).isZero();
  }

  private static byte[] atomic(int type, long address, int dw, int... operands) {
    ByteBuffer tlp = ByteBuffer.allocate(12 + 4 * operands.length);
    tlp.putInt(type << 24 | dw).putInt(0x0100_0100).putInt((int) address);
    tlp.order(ByteOrder.LITTLE_ENDIAN);
    for (int operand : operands) {
      tlp.putInt(operand);
    }
    return tlp.array();
  }

  @Test
  void holdsABoundedAmountBehindMessages() {
    Bench bench = Bench.up();
    SlowMemory slow = new SlowMemory();
    bench.port.dmaWindows().map(new DmaWindow(0x9000_0000L, 0x1000, Access.READ_WRITE, null, slow));
    bench.card.dmaWrite(0x9000_0000L, (byte) 1);
    for (int i = 0; i < 300; i++) {
      bench.card.dmaWrite(RAM, new byte[4096]);
    }
    bench.run();
    assertThat(bench.events).anyMatch(e -> e.startsWith("gone: more DMA waits"));
    slow.answer(true);
    assertThat(bench.port.present()).isFalse();
  }

  @Test
  void survivesMemoryThatVanishes(@TempDir Path dir) throws IOException {
    Bench bench = Bench.up();
    try (Arena arena = Arena.ofConfined();
        FileChannel file =
            FileChannel.open(
                dir.resolve("ram"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      MemorySegment mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, 1 << 16, arena);
      bench
          .port
          .dmaWindows()
          .map(new DmaWindow(0x9000_0000L, 1 << 16, Access.READ_WRITE, mapped, null));
      file.truncate(0);
      bench.card.dmaWrite(0x9000_0000L, new byte[4096]);
      bench.card.dmaRead(1, 0x9000_1000L, 4096);
      bench.card.dmaWrite(RAM, (byte) 5);
      bench.run();
      assertThat(bench.port.count(PortEvent.DMA_MEMORY_LOST)).isPositive();
      assertThat(bytes(bench, 0, 1)).containsExactly(5);
      bench.card.bar.putInt(0, 77);
      assertThat(bench.read(0, 0, 4)).isEqualTo(77);
    }
  }

  @Test
  void refusesIoAndConfigurationUpstream() {
    Bench bench = Bench.up();
    byte[] ioRead = ByteBuffer.allocate(12).putInt(0x0200_0001).putInt(0x0100_050F).array();
    bench.card.raw(FlowClass.NON_POSTED, ioRead, 0);
    bench.run();
    assertThat(bench.card.answers).extracting(FakeCard.Answer::tag).containsExactly(5);
    assertThat(bench.card.answers.get(0).status()).isEqualTo(1);
    assertThat(bench.port.count(PortEvent.REQUEST_UNSUPPORTED)).isOne();
  }

  /** Whatever a card sends, memory outside its window stays as it is. */
  @Test
  void neverMovesAByteOutsideItsWindows() {
    long seed = Fuzz.seed();
    int rounds = Fuzz.iterations(20_000);
    Random random = new Random(seed);
    Bench bench = Bench.up();
    bench.port.dmaWindows().clear();
    MemorySegment all = bench.ram;
    all.fill((byte) 0x11);
    bench
        .port
        .dmaWindows()
        .map(new DmaWindow(RAM + 0x4000, 0x2000, Access.WRITE, all.asSlice(0x4000, 0x2000), null));
    MemorySegment tlp = Arena.ofAuto().allocate(4200);
    byte[] raw = new byte[4200];
    int delivered = 0;
    for (int i = 0; i < rounds; i++) {
      random.nextBytes(raw);
      int[] types = {0x00, 0x20, 0x40, 0x60, 0x0A, 0x4A, 0x4C, 0x6E, 0x34, 0x02, 0x04};
      int type = types[random.nextInt(types.length)];
      int dw = random.nextInt(8) == 0 ? random.nextInt(1024) : 1 + random.nextInt(4);
      ByteBuffer header = ByteBuffer.wrap(raw);
      header.putInt(0, type << 24 | dw | (random.nextInt() & 0x0088_0000));
      int be = dw == 1 ? random.nextInt(16) : 0xF0 | 8 << random.nextInt(4) & 15 | 8;
      raw[7] = (byte) (random.nextBoolean() ? be : dw == 1 ? 15 : 0xFF);
      long address = RAM + random.nextInt(1 << 16) & ~3L;
      if ((type & 0x20) == 0) {
        header.putInt(8, (int) address);
      } else {
        header.putLong(8, random.nextInt(4) == 0 ? address : address | 1L << 40);
      }
      int bytes = ((type & 0x20) == 0 ? 12 : 16) + ((type & 0x40) == 0 ? 0 : 4 * dw);
      MemorySegment.copy(raw, 0, tlp, ValueLayout.JAVA_BYTE, 0, bytes);
      if (TlpView.check(tlp, 0, bytes) == null) {
        delivered++;
        bench.port.onTlp(tlp, 0, bytes);
      }
      bench.run();
      bench.card.answers.clear();
      bench.card.log.clear();
    }
    for (long at = 0; at < all.byteSize(); at++) {
      if (at < 0x4000 || at >= 0x6000) {
        byte value = all.get(ValueLayout.JAVA_BYTE, at);
        assertThat(value).as("offset %x, seed %d", at, seed).isEqualTo((byte) 0x11);
      }
    }
    assertThat(delivered).as("seed %d", seed).isGreaterThan(rounds / 20);
  }
}
