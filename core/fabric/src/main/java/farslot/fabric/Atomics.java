package farslot.fabric;

import farslot.memory.DmaWindow;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * AtomicOps on mapped memory (PCI Express Base Specification 6.15), atomic against the server's own
 * processors. Operands are little-endian, as the memory of every server that we know.
 */
final class Atomics {
  private static final ValueLayout.OfInt INT_LE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG_LE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
  private static final VarHandle LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private Atomics() {}

  /** 32 and 64 bits in mapped, aligned memory. CAS of 128 bits is optional (6.15.3.1). */
  static boolean possible(DmaWindow window, long address, int bytes) {
    MemorySegment memory = window.mapped();
    return memory != null
        && (bytes == 4 || bytes == 8)
        && memory.maxByteAlignment() >= bytes
        && (address - window.iova()) % bytes == 0;
  }

  /** Does it and returns what was there before. */
  static long perform(TlpView view, MemorySegment memory, long at, int bytes) {
    int type = view.fmtType();
    MemorySegment from = view.segment();
    long data = view.dataOffset();
    return bytes == 4
        ? perform32(type, memory, at, from.get(INT_LE, data), from, data + 4)
        : perform64(type, memory, at, from.get(LONG_LE, data), from, data + 8);
  }

  private static long perform32(
      int type, MemorySegment memory, long at, int operand, MemorySegment from, long second) {
    int old =
        switch (type) {
          case TlpType.FETCHADD32, TlpType.FETCHADD64 -> (int) INT.getAndAdd(memory, at, operand);
          case TlpType.SWAP32, TlpType.SWAP64 -> (int) INT.getAndSet(memory, at, operand);
          default -> (int) INT.compareAndExchange(memory, at, operand, from.get(INT_LE, second));
        };
    return old & 0xFFFF_FFFFL;
  }

  private static long perform64(
      int type, MemorySegment memory, long at, long operand, MemorySegment from, long second) {
    return switch (type) {
      case TlpType.FETCHADD32, TlpType.FETCHADD64 -> (long) LONG.getAndAdd(memory, at, operand);
      case TlpType.SWAP32, TlpType.SWAP64 -> (long) LONG.getAndSet(memory, at, operand);
      default -> (long) LONG.compareAndExchange(memory, at, operand, from.get(LONG_LE, second));
    };
  }
}
