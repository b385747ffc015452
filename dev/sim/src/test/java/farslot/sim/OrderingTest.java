package farslot.sim;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.function.endpoint.EndpointCounter;
import farslot.link.Credits;
import farslot.link.LinkStream;
import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.memory.MessagedMemory;
import farslot.pcie.FlowClass;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The ordering table of PCI Express (Base 2.4.1; docs/spec/pcieoe.md, 8.4), cell by cell: may what
 * a row has pass what a column has, when that is blocked? Rows: A posted requests, B read requests,
 * C non-posted requests with data, D completions. Columns: 2 posted requests, 3 reads, 4 non-posted
 * with data, 5 completions. Through root ports, the link and endpoints, in both directions; with a
 * closed gate credits for 8 requests of a class run out, and what comes then is blocked.
 */
class OrderingTest {
  private static final int MORE = 12;
  private static final int GONE = 8;
  private static final long MEMORY = 0x10_0000;

  private static OrderRig rig() {
    return withMemory(OrderRig.of(OrderRig.FEW, OrderRig.FEW));
  }

  private static OrderRig withMemory(OrderRig rig) {
    for (OrderRig.Pair pair : rig.pairs) {
      MemorySegment memory = MemorySegment.ofArray(new byte[1 << 16]);
      pair.port.dmaWindows().map(new DmaWindow(MEMORY, 1 << 16, Access.READ_WRITE, memory, null));
    }
    return rig;
  }

  private static List<String> inOrder(String type, int count) {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      expected.add(type + " " + Integer.toHexString(4 * i));
    }
    return expected;
  }

  // Server to card.

  @Test
  void a2DownPostedRequestsKeepTheirOrder() {
    OrderRig rig = rig();
    rig.closeDown();
    for (int i = 0; i < MORE; i++) {
      rig.pair().write(4 * i, i);
    }
    rig.open();
    assertThat(rig.pair().down.all()).isEqualTo(inOrder("MWr", MORE));
  }

  @Test
  void a3DownPostedRequestsPassBlockedReads() {
    OrderRig rig = rig();
    rig.closeDown();
    for (int i = 0; i < MORE; i++) {
      rig.pair().read(4 * i);
    }
    rig.pair().write(0x100, 1);
    rig.open();
    ArrivalLog down = rig.pair().down;
    assertThat(down.count("MRd")).isEqualTo(MORE);
    assertThat(down.at("MWr", 0)).isEqualTo(GONE).isLessThan(down.at("MRd", GONE));
    assertThat(rig.pair().answered).isEqualTo(MORE);
  }

  @Test
  void a4DownPostedRequestsPassBlockedNonPostedRequestsWithData() {
    OrderRig rig = rig();
    rig.closeDown();
    for (int i = 0; i < MORE; i++) {
      rig.pair().writeIo(4 * i, i);
    }
    rig.pair().write(0x100, 1);
    rig.open();
    ArrivalLog down = rig.pair().down;
    assertThat(down.count("IOWr")).isEqualTo(MORE);
    assertThat(down.at("MWr", 0)).isEqualTo(GONE).isLessThan(down.at("IOWr", GONE));
    assertThat(rig.pair().answered).isEqualTo(MORE);
  }

  @Test
  void a5DownPostedRequestsPassBlockedCompletions() {
    OrderRig rig = withMemory(OrderRig.of(OrderRig.FEW, OrderRig.FEW_COMPLETIONS));
    rig.closeDown();
    rig.pair().card.dmaRead(MEMORY, 8);
    for (int i = 0; i < MORE; i++) {
      rig.pair().card.dmaRead(MEMORY + 64 * i, 8);
      rig.settle();
    }
    rig.pair().write(0x100, 1);
    rig.open();
    ArrivalLog down = rig.pair().down;
    assertThat(down.count("CplD")).isEqualTo(MORE + 1);
    assertThat(down.at("MWr", 0)).isEqualTo(GONE).isLessThan(down.at("CplD", GONE));
  }

  @Test
  void b2DownReadsDoNotPassPostedRequests() {
    OrderRig rig = rig();
    rig.closeDown();
    for (int i = 0; i < MORE; i++) {
      rig.pair().write(4 * i, i);
    }
    rig.pair().read(0x100);
    rig.open();
    assertThat(rig.pair().down.at("MRd", 0)).isEqualTo(MORE);
    assertThat(rig.pair().answered).isEqualTo(1);
  }

  @Test
  void c2DownNonPostedRequestsWithDataDoNotPassPostedRequests() {
    OrderRig rig = rig();
    rig.closeDown();
    for (int i = 0; i < MORE; i++) {
      rig.pair().write(4 * i, i);
    }
    rig.pair().writeIo(0, 1);
    rig.open();
    assertThat(rig.pair().down.at("IOWr", 0)).isEqualTo(MORE);
    assertThat(rig.pair().answered).isEqualTo(1);
  }

  @Test
  void b3B4C3C4DownNonPostedRequestsKeepTheirOrder() {
    OrderRig rig = rig();
    rig.closeDown();
    for (int i = 0; i < MORE; i++) {
      if (i % 2 == 0) {
        rig.pair().read(4 * i);
      } else {
        rig.pair().writeIo(4 * i, i);
      }
    }
    rig.open();
    assertThat(rig.pair().down.all().stream().map(each -> each.split(" ")[1]))
        .isEqualTo(inOrder("", MORE).stream().map(String::strip).toList());
  }

  @Test
  void d2DownCompletionsDoNotPassPostedRequests() {
    OrderRig rig = rig();
    rig.closeDown();
    for (int i = 0; i < MORE; i++) {
      rig.pair().write(4 * i, i);
    }
    // The card asks for a flag that the server has set after what it wrote to the card.
    rig.pair().card.dmaRead(MEMORY, 8);
    rig.settle();
    assertThat(rig.pair().up.count("MRd")).isEqualTo(1);
    rig.open();
    assertThat(rig.pair().down.at("CplD", 0)).isEqualTo(MORE);
    assertThat(rig.pair().card.done).isEqualTo(1);
  }

  @Test
  void d3DownCompletionsPassBlockedReads() {
    OrderRig rig = rig();
    rig.closeDown();
    for (int i = 0; i < MORE; i++) {
      rig.pair().read(4 * i);
    }
    rig.pair().card.dmaRead(MEMORY, 8);
    rig.settle();
    rig.open();
    ArrivalLog down = rig.pair().down;
    assertThat(down.at("CplD", 0)).isEqualTo(GONE).isLessThan(down.at("MRd", GONE));
    assertThat(rig.pair().answered).isEqualTo(MORE);
  }

  @Test
  void d4DownCompletionsPassBlockedNonPostedRequestsWithData() {
    OrderRig rig = rig();
    rig.closeDown();
    for (int i = 0; i < MORE; i++) {
      rig.pair().writeIo(4 * i, i);
    }
    rig.pair().card.dmaRead(MEMORY, 8);
    rig.settle();
    rig.open();
    ArrivalLog down = rig.pair().down;
    assertThat(down.at("CplD", 0)).isEqualTo(GONE).isLessThan(down.at("IOWr", GONE));
    assertThat(rig.pair().answered).isEqualTo(MORE);
  }

  @Test
  void d5DownCompletionsOfOneRequestComeInTheOrderOfAddresses() {
    OrderRig rig = withMemory(OrderRig.of(OrderRig.FEW, OrderRig.FEW_COMPLETIONS));
    rig.closeDown();
    // More than there are credits for: what is left goes later, behind what went.
    for (int i = 0; i < MORE; i++) {
      rig.pair().card.dmaRead(MEMORY + 4096 * (i % 8), 4096);
    }
    rig.settle();
    rig.open();
    // The endpoint takes a completion only if it has the very next bytes of its request.
    assertThat(rig.pair().card.done).isEqualTo(MORE);
    assertThat(rig.pair().endpoint.counters().get(EndpointCounter.UNEXPECTED_COMPLETIONS)).isZero();
  }

  // Card to server.

  @Test
  void a2UpPostedRequestsKeepTheirOrderAndMsiComesBehindItsData() {
    OrderRig rig = rig();
    rig.closeUp();
    for (int i = 0; i < MORE; i++) {
      rig.pair().card.dmaWrite(MEMORY + 4 * i, 4);
    }
    rig.pair().card.signal(1);
    rig.open();
    assertThat(rig.pair().up.all().subList(0, MORE)).isEqualTo(inOrder("MWr", MORE));
    assertThat(rig.pair().interrupts).containsExactly("2:1 after " + (MORE + 1));
  }

  @Test
  void a3UpPostedRequestsPassBlockedReads() {
    OrderRig rig = rig();
    rig.closeUp();
    for (int i = 0; i < MORE; i++) {
      rig.pair().card.dmaRead(MEMORY + 4 * i, 4);
    }
    rig.pair().card.dmaWrite(MEMORY + 0x100, 4);
    rig.open();
    ArrivalLog up = rig.pair().up;
    assertThat(up.count("MRd")).isEqualTo(MORE);
    assertThat(up.at("MWr", 0)).isEqualTo(GONE).isLessThan(up.at("MRd", GONE));
    assertThat(rig.pair().card.done).isEqualTo(MORE);
  }

  @Test
  void a5UpPostedRequestsPassBlockedCompletions() {
    OrderRig rig =
        withMemory(OrderRig.of(OrderRig.FEW_COMPLETIONS, new Credits(8, 512, 64, 512, 0, 0)));
    rig.closeUp();
    for (int i = 0; i < MORE; i++) {
      rig.pair().read(4 * i);
    }
    rig.settle();
    rig.pair().card.dmaWrite(MEMORY + 0x100, 4);
    rig.open();
    ArrivalLog up = rig.pair().up;
    assertThat(up.count("CplD")).isEqualTo(MORE);
    assertThat(up.at("MWr", 0)).isEqualTo(GONE).isLessThan(up.at("CplD", GONE));
  }

  @Test
  void b2UpReadsDoNotPassPostedRequests() {
    OrderRig rig = rig();
    rig.closeUp();
    for (int i = 0; i < MORE; i++) {
      rig.pair().card.dmaWrite(MEMORY + 4 * i, 4);
    }
    rig.pair().card.dmaRead(MEMORY, 4);
    rig.open();
    assertThat(rig.pair().up.at("MRd", 0)).isEqualTo(MORE);
    assertThat(rig.pair().card.done).isEqualTo(1);
  }

  @Test
  void b3UpReadsKeepTheirOrder() {
    OrderRig rig = rig();
    rig.closeUp();
    for (int i = 0; i < MORE; i++) {
      rig.pair().card.dmaRead(MEMORY + 4 * i, 4);
    }
    rig.open();
    assertThat(rig.pair().up.all()).isEqualTo(inOrder("MRd", MORE));
  }

  @Test
  void d2UpCompletionsDoNotPassPostedRequests() {
    OrderRig rig = rig();
    rig.closeUp();
    for (int i = 0; i < MORE; i++) {
      rig.pair().card.dmaWrite(MEMORY + 4 * i, 4);
    }
    rig.pair().read(0x100);
    rig.settle();
    assertThat(rig.pair().down.count("MRd")).isEqualTo(1);
    rig.open();
    assertThat(rig.pair().up.at("CplD", 0)).isEqualTo(MORE);
    assertThat(rig.pair().answered).isEqualTo(1);
  }

  @Test
  void d3UpCompletionsPassBlockedReads() {
    OrderRig rig = rig();
    rig.closeUp();
    for (int i = 0; i < MORE; i++) {
      rig.pair().card.dmaRead(MEMORY + 4 * i, 4);
    }
    rig.pair().read(0x100);
    rig.settle();
    rig.open();
    ArrivalLog up = rig.pair().up;
    assertThat(up.at("CplD", 0)).isEqualTo(GONE).isLessThan(up.at("MRd", GONE));
    assertThat(rig.pair().answered).isEqualTo(1);
  }

  @Test
  void d5UpCompletionsOfOneRequestComeInTheOrderOfAddresses() {
    OrderRig rig = rig();
    rig.closeUp();
    byte[][] got = {null};
    rig.pair()
        .port
        .read(
            0,
            0,
            4096,
            (cookie, data, at, bytes) ->
                got[0] = data.asSlice(at, bytes).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE),
            0);
    rig.open();
    assertThat(rig.pair().up.count("CplD")).isGreaterThan(1);
    MemorySegment bytes = MemorySegment.ofArray(got[0]);
    for (int at = 0; at < 4096; at += 8) {
      assertThat(bytes.get(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, at)).isEqualTo(at);
    }
  }

  // What attributes permit is not made use of.

  @Test
  void a2b2RelaxedAndIdBasedOrderingPermitWhatNobodyDoes() {
    OrderRig rig = rig();
    LinkStream stream = rig.pair().server;
    rig.closeDown();
    for (int i = 0; i < GONE; i++) {
      int attributes = i % 2 == 0 ? 0 : 0x0004_2000; // ID-based and Relaxed Ordering.
      assertThat(send(stream, 0x4000_0001 | attributes, 4 * i)).isTrue();
    }
    rig.open();
    assertThat(rig.pair().down.all()).isEqualTo(inOrder("MWr", GONE));
  }

  private static boolean send(LinkStream stream, int firstDw, int address) {
    long at = stream.claim(FlowClass.POSTED, 16, 4);
    if (at < 0) {
      return false;
    }
    int[] dws = {firstDw, 0x0000_000F, address, 0};
    for (int i = 0; i < dws.length; i++) {
      farslot.pcie.BigEndian.i32(stream.segment(), at + 4 * i, dws[i]);
    }
    stream.commit();
    return true;
  }

  // Streams.

  @Test
  void aStreamWithoutCreditsHoldsNobodyUp() {
    OrderRig rig = withMemory(new OrderRig(2, OrderRig.FEW, OrderRig.FEW));
    OrderRig.Pair stalled = rig.pairs.get(0);
    OrderRig.Pair other = rig.pairs.get(1);
    rig.closeDown();
    rig.closeUp();
    for (int i = 0; i < MORE; i++) {
      stalled.write(4 * i, i);
      stalled.read(4 * i);
      stalled.card.dmaWrite(MEMORY + 4 * i, 4);
      stalled.card.dmaRead(MEMORY + 4 * i, 4);
    }
    other.write(0, 1);
    other.card.dmaWrite(MEMORY, 4);
    other.card.signal(0);
    rig.settle();
    rig.openOnce();
    // In the frames that were sent while the first function was blocked the second's are, too.
    assertThat(other.down.count("MWr")).isEqualTo(1);
    assertThat(other.up.count("MWr")).isEqualTo(2);
    assertThat(stalled.down.count("MWr")).isEqualTo(GONE);
    rig.open();
    assertThat(stalled.down.count("MWr")).isEqualTo(MORE);
    assertThat(stalled.up.count("MRd")).isEqualTo(MORE);
    assertThat(stalled.answered).isEqualTo(MORE);
  }

  @Test
  void memoryThatDoesNotAnswerHoldsUpItsOwnFunctionOnly() {
    OrderRig rig = withMemory(new OrderRig(2, OrderRig.FEW, OrderRig.FEW));
    OrderRig.Pair stalled = rig.pairs.get(0);
    OrderRig.Pair other = rig.pairs.get(1);
    // A hypervisor that does not share this memory and does not answer for it either.
    stalled
        .port
        .dmaWindows()
        .map(new DmaWindow(0x20_0000, 4096, Access.READ_WRITE, null, new Silent()));
    for (int i = 0; i < MORE; i++) {
      stalled.card.dmaWrite(0x20_0000 + 4 * i, 4);
      stalled.card.dmaRead(MEMORY + 4 * i, 4);
      other.card.dmaWrite(MEMORY + 4 * i, 4);
      other.card.dmaRead(MEMORY + 4 * i, 4);
      // The guest's writes to the card whose DMA hangs go on, too.
      stalled.write(4 * i, i);
      other.write(4 * i, i);
    }
    other.card.signal(0);
    rig.settle();
    assertThat(stalled.card.done).isZero();
    assertThat(other.card.done).isEqualTo(MORE);
    assertThat(other.interrupts).hasSize(1);
    assertThat(stalled.down.count("MWr")).isEqualTo(MORE);
    assertThat(other.down.count("MWr")).isEqualTo(MORE);
  }

  private static final class Silent implements MessagedMemory {
    @Override
    public void read(long iova, int bytes, Done done, long cookie) {}

    @Override
    public void write(
        long iova, MemorySegment from, long offset, int bytes, Done done, long cookie) {}
  }
}
