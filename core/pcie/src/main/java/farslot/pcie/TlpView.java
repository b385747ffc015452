package farslot.pcie;

import java.lang.foreign.MemorySegment;

/**
 * A TLP read where it lies. {@link #check} makes every accessor safe; {@link #wrap} costs nothing
 * and allocates nothing, so one view serves a thread for its life. Multi-byte fields are big-endian
 * on the wire, data bytes are in address order.
 */
public final class TlpView {
  /** Says what is wrong with the bytes, or null when every accessor may be used on them. */
  public static TlpError check(MemorySegment segment, long offset, int tlpBytes) {
    throw new UnsupportedOperationException();
  }

  /** Looks at a checked TLP. */
  public TlpView wrap(MemorySegment segment, long offset, int tlpBytes) {
    throw new UnsupportedOperationException();
  }

  /** The Fmt and Type byte of the header proper, one of {@link TlpType}'s constants. */
  public int fmtType() {
    throw new UnsupportedOperationException();
  }

  /** The segment wrapped. */
  public MemorySegment segment() {
    throw new UnsupportedOperationException();
  }

  /** Where the data begins in {@link #segment()}. */
  public long dataOffset() {
    throw new UnsupportedOperationException();
  }

  /** Length in DW, 1 to 1024; of the data, or for a read of what is asked. */
  public int lengthDw() {
    throw new UnsupportedOperationException();
  }

  /** Bytes of data carried, 0 or lengthDw times 4. */
  public int dataBytes() {
    throw new UnsupportedOperationException();
  }

  /** Requester ID, 16 bits; of completions too. */
  public int requesterId() {
    throw new UnsupportedOperationException();
  }

  /** Tag, 10 bits. */
  public int tag() {
    throw new UnsupportedOperationException();
  }

  /** First DW byte enables, 4 bits, of requests. */
  public int firstBe() {
    throw new UnsupportedOperationException();
  }

  /** Last DW byte enables, 4 bits, 0 for one DW. */
  public int lastBe() {
    throw new UnsupportedOperationException();
  }

  /** Address of a memory or I/O request: DW aligned, bits 1:0 are 0. */
  public long address() {
    throw new UnsupportedOperationException();
  }

  /** Address of the first enabled byte: {@link #address()} plus what firstBe skips. */
  public long firstByteAddress() {
    throw new UnsupportedOperationException();
  }

  /** Bytes from the first enabled to the last, 0 for a flush (zero-length read). */
  public int enabledBytes() {
    throw new UnsupportedOperationException();
  }

  /** Completer or destination BDF of a configuration request. */
  public int targetId() {
    throw new UnsupportedOperationException();
  }

  /** Register offset of a configuration request: 0 to 4092, DW aligned. */
  public int configOffset() {
    throw new UnsupportedOperationException();
  }

  /** Message Code of Msg and MsgD (2.2.8). */
  public int messageCode() {
    throw new UnsupportedOperationException();
  }

  /** Completer ID of a completion. */
  public int completerId() {
    throw new UnsupportedOperationException();
  }

  /** 3-bit status of a completion, see {@link CompletionStatus#of}. */
  public int statusCode() {
    throw new UnsupportedOperationException();
  }

  /** Bytes still to come, this completion's included: 1 to 4096. */
  public int byteCount() {
    throw new UnsupportedOperationException();
  }

  /** Low 7 bits of the address of the first byte in this completion. */
  public int lowerAddress() {
    throw new UnsupportedOperationException();
  }

  /** EP: the data is poisoned. */
  public boolean poisoned() {
    throw new UnsupportedOperationException();
  }

  /** The record form, to read and print. Allocates. */
  public Tlp toTlp() {
    throw new UnsupportedOperationException();
  }
}
