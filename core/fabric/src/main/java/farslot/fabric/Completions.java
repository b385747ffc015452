package farslot.fabric;

import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.memory.DmaWindows;
import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Answers to the card's reads. The data is copied once, from guest memory to where the link keeps
 * it until it is acknowledged. What cannot go now is parked as addresses, not as bytes; the window
 * is looked up again when its turn comes, so that an unmap takes effect at once. None passes a
 * write of the server that was there before it.
 */
final class Completions {
  /** Parked at most: as many as a card has tags. A card that asks for more floods us. */
  static final int PARKED_MAX = 1024;

  private static final int PARKED_FIRST = 16;

  /** What follows is guest memory at the address. */
  static final int FROM_MEMORY = -1;

  /** What follows is {@code value}, little-endian, at most 8 bytes. */
  static final int FROM_VALUE = -2;

  /** No data: UR. */
  static final int UNSUPPORTED = -3;

  private final Wire wire;
  private final PortCounters counters;
  private final DmaWindows windows;
  private final MessagedReads messaged;
  private final PostedWrites posted;

  // A ring that grows, by powers of two: most functions park little or nothing.
  private int[] ids = new int[PARKED_FIRST];
  private long[] addresses = new long[PARKED_FIRST];
  private short[] remaining = new short[PARKED_FIRST];
  private short[] sources = new short[PARKED_FIRST];
  private long[] values = new long[PARKED_FIRST];

  /** See {@link PostedWrites#barrier}. */
  private long[] barriers = new long[PARKED_FIRST];

  private int first;
  private int count;

  Completions(
      Wire wire,
      PortCounters counters,
      DmaWindows windows,
      MessagedReads messaged,
      PostedWrites posted) {
    this.wire = wire;
    this.counters = counters;
    this.windows = windows;
    this.messaged = messaged;
    this.posted = posted;
  }

  /** Requester ID and 10-bit tag in one int. */
  static int id(int requesterId, int tag) {
    return requesterId << 16 | tag;
  }

  /**
   * Answers a request, now or when there are credits.
   *
   * @param bytes what was asked, 1 to 4096
   * @param source {@link #FROM_MEMORY}, {@link #FROM_VALUE}, {@link #UNSUPPORTED}, or the number of
   *     a messaged read whose bytes have come
   * @param value for {@link #FROM_VALUE}
   */
  void answer(int id, long address, int bytes, int source, long value) {
    // 2.4.1, D2: a card that reads a flag must have got what the server wrote to it before.
    boolean first = count == 0 && posted.passed(posted.barrier());
    int rest = first ? send(id, address, bytes, source, value) : bytes;
    if (rest > 0) {
      park(id, address + bytes - rest, rest, source, value);
    }
  }

  private void park(int id, long address, int rest, int source, long value) {
    if (count == PARKED_MAX) {
      counters.add(PortEvent.DMA_FLOOD);
      messaged.release(source);
      return;
    }
    if (count == ids.length) {
      grow();
    }
    int slot = first + count & ids.length - 1;
    ids[slot] = id;
    addresses[slot] = address;
    remaining[slot] = (short) rest;
    sources[slot] = (short) source;
    values[slot] = value;
    barriers[slot] = posted.barrier();
    count++;
  }

  private void grow() {
    int old = ids.length;
    ids = Arrays.copyOf(ids, 2 * old);
    addresses = Arrays.copyOf(addresses, 2 * old);
    remaining = Arrays.copyOf(remaining, 2 * old);
    sources = Arrays.copyOf(sources, 2 * old);
    values = Arrays.copyOf(values, 2 * old);
    barriers = Arrays.copyOf(barriers, 2 * old);
    // What had gone round the end goes on behind it.
    System.arraycopy(ids, 0, ids, old, first);
    System.arraycopy(addresses, 0, addresses, old, first);
    System.arraycopy(remaining, 0, remaining, old, first);
    System.arraycopy(sources, 0, sources, old, first);
    System.arraycopy(values, 0, values, old, first);
    System.arraycopy(barriers, 0, barriers, old, first);
  }

  /** Sends what is parked as far as credits go, and the writes that were there before have gone. */
  void pump() {
    while (count > 0 && posted.passed(barriers[first])) {
      int slot = first;
      int bytes = remaining[slot];
      int rest = send(ids[slot], addresses[slot], bytes, sources[slot], values[slot]);
      addresses[slot] += bytes - rest;
      remaining[slot] = (short) rest;
      if (rest > 0) {
        return;
      }
      first = first + 1 & ids.length - 1;
      count--;
    }
  }

  /** Whether everything has gone that could. */
  boolean isEmpty() {
    return count == 0;
  }

  /** The card was reset: nobody waits for these. */
  void clear() {
    while (count > 0) {
      messaged.release(sources[first]);
      first = first + 1 & ids.length - 1;
      count--;
    }
  }

  /** Sends as many completions of a request as it can; returns the bytes that are still to go. */
  private int send(int id, long address, int bytes, int source, long value) {
    long at = address;
    int rest = bytes;
    while (rest > 0) {
      DmaWindow window = null;
      if (source == FROM_MEMORY) {
        window = windows.find(at, rest, Access.READ);
        if (window == null || window.mapped() == null) {
          counters.add(PortEvent.DMA_OUTSIDE_WINDOWS); // Unmapped while it waited.
          return fail(id, at, rest) ? 0 : rest;
        }
      } else if (source == UNSUPPORTED) {
        return fail(id, at, rest) ? 0 : rest;
      }
      // Each completion but the last ends on a Read Completion Boundary (2.3.1.1).
      int most = wire.payloadBytesMax();
      int piece = Math.min(rest, most - (int) (at & most - 1));
      int dataBytes = TlpEncoder.dataBytes(at, piece);
      long tlp = wire.claim(FlowClass.COMPLETION, 12, dataBytes);
      if (tlp < 0) {
        return rest;
      }
      MemorySegment to = wire.segment();
      long data = tlp + 12;
      to.set(ValueLayout.JAVA_INT_UNALIGNED, data, 0);
      to.set(ValueLayout.JAVA_INT_UNALIGNED, data + dataBytes - 4, 0);
      TlpEncoder.completionWithData(
          to, tlp, Wire.ROOT_ID, id >>> 16, id & 0x3FF, rest, (int) (at & 0x7F), piece);
      long into = data + (at & 3);
      if (window != null) {
        MemorySegment.copy(window.mapped(), at - window.iova(), to, into, piece);
      } else if (source == FROM_VALUE) {
        for (int i = 0; i < piece; i++) {
          to.set(ValueLayout.JAVA_BYTE, into + i, (byte) (value >>> 8 * i));
        }
      } else {
        messaged.copy(source, at, to, into, piece);
      }
      wire.commit();
      at += piece;
      rest -= piece;
    }
    messaged.release(source);
    return 0;
  }

  private boolean fail(int id, long address, int bytes) {
    long tlp = wire.claim(FlowClass.COMPLETION, 12, 0);
    if (tlp < 0) {
      return false;
    }
    TlpEncoder.completion(
        wire.segment(),
        tlp,
        Wire.ROOT_ID,
        id >>> 16,
        id & 0x3FF,
        CompletionStatus.UR,
        bytes,
        (int) (address & 0x7F));
    wire.commit();
    return true;
  }
}
