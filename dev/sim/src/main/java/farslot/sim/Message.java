package farslot.sim;

import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfLong;
import java.nio.ByteOrder;

/**
 * What the two ends of a stream say to each other, as TLPs that say who sent them, under which
 * epoch, and which one they are. A generation counts the Hot Resets of a stream.
 *
 * @param kind what it is
 * @param generation of the sender, 8 bits
 * @param id of a job; for a read or its completion the tag
 * @param part which part of the answer: of a job its number, of a read its offset in bytes
 * @param parts how many, or how many bytes in all
 * @param bytes of data, a multiple of 8 but for an MSI
 */
record Message(Kind kind, int generation, int id, int part, int parts, int bytes) {
  /** Kinds of message. */
  enum Kind {
    /** A register write. */
    WRITE(FlowClass.POSTED),
    /** The first write after a Hot Reset. */
    GENERATION(FlowClass.POSTED),
    /** Asks the card to fetch a descriptor, to write {@code parts} pieces of data and an MSI. */
    DOORBELL(FlowClass.POSTED),
    /** The card writes into the server's memory. */
    DATA(FlowClass.POSTED),
    /** The card says that a job is done. */
    MSI(FlowClass.POSTED),
    /** Either end reads at the other. */
    READ(FlowClass.NON_POSTED),
    /** A read that the other end refuses. */
    BAD_READ(FlowClass.NON_POSTED),
    ANSWER(FlowClass.COMPLETION),
    REFUSAL(FlowClass.COMPLETION);

    final FlowClass flow;

    Kind(FlowClass flow) {
      this.flow = flow;
    }
  }

  /** Shortest data that says everything. */
  static final int BYTES_MIN = 32;

  static final int MSI_ADDRESS = 0xFEE0_0000;
  static final int MSI_BYTES = 4;
  static final long POSTED_BASE = 1L << 40;
  static final long READ_BASE = 1L << 62;
  static final int READ_POSTED_SHIFT = 12;
  static final int READ_NUMBER_SHIFT = 32;
  static final int READ_GENERATION_SHIFT = 52;
  static final long READ_REFUSE = 1L << 61;

  /** Numbers in a read's address are so many bits wide. */
  static final int NUMBER_MASK = 0xFFFFF;

  private static final OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** Header and data. */
  int tlpBytes() {
    return switch (kind) {
      case MSI -> 12 + MSI_BYTES;
      case READ, BAD_READ -> 16;
      case ANSWER -> 12 + bytes;
      case REFUSAL -> 12;
      default -> 16 + bytes;
    };
  }

  int dataBytes() {
    return switch (kind) {
      case READ, BAD_READ, REFUSAL -> 0;
      default -> bytes;
    };
  }

  /**
   * Encodes it.
   *
   * @param number how many of its class were sent before
   * @param posted how many posted ones were sent before
   */
  void write(MemorySegment to, long at, long epoch, int number, int posted) {
    int tagOfEpoch = (int) epoch & 0xFFFF;
    switch (kind) {
      case MSI -> {
        TlpEncoder.memoryWrite(to, at, tagOfEpoch, Integer.toUnsignedLong(MSI_ADDRESS), MSI_BYTES);
        to.set(ValueLayout.JAVA_INT_UNALIGNED, at + 12, generation << 24 | id);
      }
      case READ, BAD_READ ->
          TlpEncoder.memoryRead(to, at, tagOfEpoch, id, readAddress(number, posted), bytes);
      case REFUSAL ->
          TlpEncoder.completion(
              to, at, generation, tagOfEpoch, id, CompletionStatus.UR, Math.max(4, parts), 0);
      case ANSWER -> {
        TlpEncoder.completionWithData(
            to, at, generation, tagOfEpoch, id, parts - part, part & 0x7F, bytes);
        fill(to, at + 12, epoch, number, posted);
      }
      default -> {
        long address = POSTED_BASE | (long) kind.ordinal() << 12;
        TlpEncoder.memoryWrite(to, at, tagOfEpoch, address, bytes);
        fill(to, at + 16, epoch, number, posted);
      }
    }
  }

  private long readAddress(int number, int posted) {
    return READ_BASE
        | (kind == Kind.BAD_READ ? READ_REFUSE : 0)
        | (long) generation << READ_GENERATION_SHIFT
        | (long) (number & NUMBER_MASK) << READ_NUMBER_SHIFT
        | (long) (posted & NUMBER_MASK) << READ_POSTED_SHIFT;
  }

  private void fill(MemorySegment to, long at, long epoch, int number, int posted) {
    to.set(U64, at, epoch << 32 | (long) kind.ordinal() << 8 | generation);
    to.set(U64, at + 8, (long) number << 32 | posted);
    to.set(U64, at + 16, (long) id << 32 | (long) part << 16 | parts);
    for (int i = 24; i < bytes; i += 8) {
      to.set(U64, at + i, pattern(epoch, number, i));
    }
  }

  /** What fills the rest of the data: different everywhere. */
  static long pattern(long epoch, int number, int at) {
    return (epoch * 31 + number) * 0x9E3779B97F4A7C15L + at;
  }
}
