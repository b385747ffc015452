package farslot.testkit;

import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;

/** The requester half of the root complex: config, memory and I/O requests and their answers. */
final class RootRequester {
  static final int REQUESTER_ID = 0;
  private static final int TAGS = 256;

  private static final class Pending {
    byte[] data;
    int received;
    CompletionStatus status;
    long address;
    boolean memory;
  }

  private final RootSender sender;
  private final Pending[] pending = new Pending[TAGS];
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private int targetId = FakeRootComplex.TARGET_ID;

  RootRequester(RootSender sender) {
    this.sender = sender;
    for (int tag = 0; tag < TAGS; tag++) {
      free.add(tag);
    }
  }

  /** Another address for configuration requests. */
  void targetId(int id) {
    targetId = id;
  }

  /** Sends CfgRd0; the tag stands for the answer. */
  int configRead(int offset, int bytes) {
    int tag = begin(4, 0, false);
    sender.send(
        FlowClass.NON_POSTED,
        12,
        0,
        (to, at) -> TlpEncoder.configRead0(to, at, REQUESTER_ID, tag, targetId, offset, bytes));
    return tag;
  }

  /** Sends CfgWr0. */
  int configWrite(int offset, int bytes, int value) {
    int tag = begin(0, 0, false);
    sender.send(
        FlowClass.NON_POSTED,
        12,
        4,
        (to, at) -> {
          TlpEncoder.configWrite0(to, at, REQUESTER_ID, tag, targetId, offset, bytes);
          put(to, at + 12, 4, 0);
          put(to, at + 12 + (offset & 3), bytes, value);
        });
    return tag;
  }

  /** Sends MRd. */
  int memoryRead(long address, int bytes) {
    int tag = begin(bytes, address, true);
    sender.send(
        FlowClass.NON_POSTED,
        TlpEncoder.memoryHeaderBytes(address),
        0,
        (to, at) -> TlpEncoder.memoryRead(to, at, REQUESTER_ID, tag, address, bytes));
    return tag;
  }

  /** Sends MWr. */
  void memoryWrite(long address, byte[] bytes) {
    int headerBytes = TlpEncoder.memoryHeaderBytes(address);
    int dataBytes = TlpEncoder.dataBytes(address, bytes.length);
    sender.send(
        FlowClass.POSTED,
        headerBytes,
        dataBytes,
        (to, at) -> {
          TlpEncoder.memoryWrite(to, at, REQUESTER_ID, address, bytes.length);
          to.asSlice(at + headerBytes, dataBytes).fill((byte) 0);
          MemorySegment.copy(
              bytes, 0, to, ValueLayout.JAVA_BYTE, at + headerBytes + (address & 3), bytes.length);
        });
  }

  /** Sends IORd. */
  int ioRead(int address, int bytes) {
    int tag = begin(4, 0, false);
    sender.send(
        FlowClass.NON_POSTED,
        12,
        0,
        (to, at) -> TlpEncoder.ioRead(to, at, REQUESTER_ID, tag, address, bytes));
    return tag;
  }

  /** Sends IOWr. */
  int ioWrite(int address, int bytes, int value) {
    int tag = begin(0, 0, false);
    sender.send(
        FlowClass.NON_POSTED,
        12,
        4,
        (to, at) -> {
          TlpEncoder.ioWrite(to, at, REQUESTER_ID, tag, address, bytes);
          put(to, at + 12, 4, 0);
          put(to, at + 12 + (address & 3), bytes, value);
        });
    return tag;
  }

  /** The answer, or null while there is none; asking for it gives the tag back. */
  Answer poll(int tag) {
    Pending request = pending[tag];
    if (request.status == null) {
      return null;
    }
    pending[tag] = null;
    free.add(tag);
    boolean ok = request.status == CompletionStatus.SC;
    return new Answer(request.status, ok ? request.data : new byte[0]);
  }

  /** Requests of before a reset or removal are answered by nobody. */
  void forget() {
    for (int tag = 0; tag < TAGS; tag++) {
      if (pending[tag] != null && pending[tag].status == null) {
        pending[tag].status = CompletionStatus.UR;
      }
    }
  }

  void onCompletion(TlpView tlp) {
    Pending request = tlp.tag() < TAGS ? pending[tlp.tag()] : null;
    check(request != null && request.status == null, "a completion nobody asked for");
    check(tlp.requesterId() == REQUESTER_ID, "a completion for " + tlp.requesterId());
    CompletionStatus status = CompletionStatus.of(tlp.statusCode());
    if (status != CompletionStatus.SC || !TlpType.hasData(tlp.fmtType())) {
      boolean written = status == CompletionStatus.SC && request.data.length == 0;
      check(written || status != CompletionStatus.SC, "SC without the data of a read");
      request.status = status;
      return;
    }
    take(request, tlp);
  }

  private static void take(Pending request, TlpView tlp) {
    int bytes = tlp.completedBytes();
    int left = request.data.length - request.received;
    check(tlp.byteCount() == left, "Byte Count " + tlp.byteCount() + ", not " + left);
    long next = request.memory ? request.address + request.received & 0x7F : 0;
    check(tlp.lowerAddress() == next, "Lower Address " + tlp.lowerAddress() + ", not " + next);
    boolean last = bytes == left;
    boolean boundary = (request.address + request.received + bytes & 63) == 0;
    check(last || boundary, "a completion that ends inside a Read Completion Boundary");
    MemorySegment.copy(
        tlp.segment(),
        ValueLayout.JAVA_BYTE,
        tlp.dataOffset() + (tlp.lowerAddress() & 3),
        request.data,
        request.received,
        bytes);
    request.received += bytes;
    request.status = last ? CompletionStatus.SC : null;
  }

  private int begin(int bytes, long address, boolean memory) {
    Integer tag = free.poll();
    check(tag != null, "more than 256 requests under way");
    Pending request = new Pending();
    // A zero-length read is answered with one byte of nothing.
    request.data = new byte[memory ? Math.max(1, bytes) : bytes];
    request.address = address;
    request.memory = memory;
    pending[tag] = request;
    return tag;
  }

  static byte[] bytes(long value, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (value >>> 8 * i);
    }
    return bytes;
  }

  static Answer part(Answer whole, int from, int bytes) {
    return whole.status() == CompletionStatus.SC
        ? new Answer(whole.status(), Arrays.copyOfRange(whole.data(), from, from + bytes))
        : whole;
  }

  private static void put(MemorySegment to, long at, int bytes, int value) {
    for (int i = 0; i < bytes; i++) {
      to.set(ValueLayout.JAVA_BYTE, at + i, (byte) (value >>> 8 * i));
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("root complex: " + otherwise);
    }
  }
}
