package farslot.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class TlpViewTest {
  @Test
  void memoryRequest() {
    TlpView view = Hex.view("60000002 01000071 00000001 23456008 00112233 44556677");
    assertThat(view.flowClass()).isEqualTo(FlowClass.POSTED);
    assertThat(view.address()).isEqualTo(0x1_2345_6008L);
    assertThat(view.firstByteAddress()).isEqualTo(0x1_2345_6008L);
    assertThat(view.enabledBytes()).isEqualTo(7);
    assertThat(view.contiguous()).as("bytes 1 to 3 are off").isFalse();
    assertThat(view.dataBytes()).isEqualTo(8);
    assertThat(view.dataOffset() - view.offset()).isEqualTo(16);
    assertThat(view.tlpBytes()).isEqualTo(24);
    assertThat(view.prefixCount()).isZero();
  }

  @Test
  void prefixesShiftTheHeader() {
    TlpView view = Hex.view("8e123456 91abcdef 00000001 0100070f 00001000");
    assertThat(view.prefixCount()).isEqualTo(2);
    assertThat(view.prefix(0)).isEqualTo(0x8E12_3456);
    assertThat(view.prefix(1)).isEqualTo(0x91AB_CDEF);
    assertThat(view.headerOffset() - view.offset()).isEqualTo(8);
    assertThat(view.fmtType()).isEqualTo(TlpType.MRD32);
    assertThat(view.tag()).isEqualTo(7);
    assertThat(view.address()).isEqualTo(0x1000);
  }

  @Test
  void completionCountsItsOwnBytes() {
    TlpView view = Hex.view("4a000002 01000005 00080502 0000aabb ccddee00");
    assertThat(view.completerId()).isEqualTo(0x0100);
    assertThat(view.requesterId()).isEqualTo(0x0008);
    assertThat(view.completedBytes()).isEqualTo(5);
    assertThat(Hex.view("0a000000 01002004 00080500").completedBytes()).isZero();
  }

  @Test
  void flowClasses() {
    assertThat(TlpType.flowClass(TlpType.MRD64)).isEqualTo(FlowClass.NON_POSTED);
    assertThat(TlpType.flowClass(TlpType.CFGWR0)).isEqualTo(FlowClass.NON_POSTED);
    assertThat(TlpType.flowClass(TlpType.IOWR)).isEqualTo(FlowClass.NON_POSTED);
    assertThat(TlpType.flowClass(TlpType.CAS64)).isEqualTo(FlowClass.NON_POSTED);
    assertThat(TlpType.flowClass(TlpType.MWR32)).isEqualTo(FlowClass.POSTED);
    assertThat(TlpType.flowClass(TlpType.MSGD | 4)).isEqualTo(FlowClass.POSTED);
    assertThat(TlpType.flowClass(TlpType.CPLDLK)).isEqualTo(FlowClass.COMPLETION);
  }

  @Test
  void hexdump() {
    byte[] bytes = Hex.bytes("48656c6c6f2c2050 4349650000ff7e7f 41");
    assertThat(Hexdump.of(MemorySegment.ofArray(bytes), 0, bytes.length))
        .isEqualTo(
            """
            0000  48656c6c 6f2c2050 43496500 00ff7e7f  Hello, PCIe...~.
            0010  41                                   A
            """);
  }

  /** The data path's promise: encode, check, wrap and read without garbage. */
  @Test
  void allocatesNothingPerTlp() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(TlpLimits.TLP_BYTES_MAX);
      TlpView view = new TlpView();
      long sum = work(buffer, view, 200_000);
      long before = threads.getCurrentThreadAllocatedBytes();
      sum += work(buffer, view, 1_000_000);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(sum).isNotZero();
      assertThat(allocated).as("bytes for a million TLPs").isLessThan(1_000_000);
    }
  }

  private static long work(MemorySegment buffer, TlpView view, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      long address = (long) i << 12 | i & 0x7F;
      int header = TlpEncoder.memoryWrite(buffer, 0, 0x0100, address, 64);
      int total = header + TlpEncoder.dataBytes(address, 64);
      sum += TlpView.check(buffer, 0, total) == null ? 1 : 0;
      view.wrap(buffer, 0, total);
      sum += view.firstByteAddress() + view.enabledBytes() + view.flowClass().ordinal();
      header = TlpEncoder.completionWithData(buffer, 0, 1, 2, i & 1023, 64, i & 63, 64);
      total = header + TlpEncoder.dataBytes(i & 63, 64);
      sum += TlpView.check(buffer, 0, total) == null ? 1 : 0;
      view.wrap(buffer, 0, total);
      sum += view.tag() + view.completedBytes();
      sum += CompletionFit.of(view, i & 63, 64, 64).ordinal();
    }
    return sum;
  }
}
