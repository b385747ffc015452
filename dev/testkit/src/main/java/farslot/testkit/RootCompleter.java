package farslot.testkit;

import farslot.memory.Access;
import farslot.memory.DmaWindow;
import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The completer half of the root complex: carries out the card's DMA, as politely or as rudely as
 * the test wants. Completions of one request are in address order; the split is random.
 */
final class RootCompleter {
  private static final int RCB_BYTES = 64;
  private static final int COMPLETER_ID = 0;

  /** A read that has arrived and is not answered yet. */
  record Held(int requesterId, int tag, long address, int bytes) {}

  private final RootSender sender;
  private final GuestMemory memory;
  private final SplittableRandom random;
  private final List<Held> held = new ArrayList<>();
  private boolean hold;
  private boolean shuffle;
  private int payloadBytesMax = 128;
  private CompletionStatus answer = CompletionStatus.SC;

  RootCompleter(RootSender sender, GuestMemory memory, SplittableRandom random) {
    this.sender = sender;
    this.memory = memory;
    this.random = random;
  }

  void payloadBytesMax(int bytes) {
    payloadBytesMax = bytes;
  }

  /** Whether reads wait until {@link #release}. */
  void hold(boolean on) {
    hold = on;
  }

  /** Whether reads that were held are answered in random order. */
  void shuffle(boolean on) {
    shuffle = on;
  }

  /** What every read is answered with from now on. */
  void answer(CompletionStatus status) {
    answer = status;
  }

  List<Held> held() {
    return held;
  }

  void forget() {
    held.clear();
  }

  /** Answers what was held. */
  void release() {
    List<Held> now = new ArrayList<>(held);
    held.clear();
    while (!now.isEmpty()) {
      complete(now.remove(shuffle ? random.nextInt(now.size()) : 0));
    }
  }

  void read(TlpView tlp) {
    Held read = new Held(tlp.requesterId(), tlp.tag(), tlp.firstByteAddress(), tlp.enabledBytes());
    if (hold) {
      held.add(read);
    } else {
      complete(read);
    }
  }

  boolean write(TlpView tlp) {
    int bytes = tlp.enabledBytes();
    DmaWindow window = memory.find(tlp.firstByteAddress(), Math.max(1, bytes), Access.WRITE);
    if (window == null) {
      return false;
    }
    MemorySegment.copy(
        tlp.segment(),
        tlp.dataOffset() + (tlp.firstByteAddress() & 3),
        window.mapped(),
        tlp.firstByteAddress() - window.iova(),
        bytes);
    return true;
  }

  private void complete(Held read) {
    int bytes = Math.max(1, read.bytes);
    DmaWindow window = memory.find(read.address, bytes, Access.READ);
    CompletionStatus status = window == null ? CompletionStatus.UR : answer;
    if (status != CompletionStatus.SC) {
      refuse(read, status);
      return;
    }
    int sent = 0;
    while (sent < bytes) {
      long at = read.address + sent;
      int part = (int) Math.min(bytes - sent, randomEnd(at) - at);
      send(read, window, at, part, bytes - sent);
      sent += part;
    }
  }

  /** A Read Completion Boundary that payload size permits. */
  private long randomEnd(long at) {
    long first = (at | RCB_BYTES - 1) + 1;
    long last = at + payloadBytesMax & -RCB_BYTES;
    long choices = Math.max(0, last - first) / RCB_BYTES + 1;
    return first + RCB_BYTES * random.nextLong(choices);
  }

  private void send(Held read, DmaWindow window, long address, int bytes, int byteCount) {
    int dataBytes = TlpEncoder.dataBytes(address, bytes);
    sender.send(
        FlowClass.COMPLETION,
        12,
        dataBytes,
        (to, at) -> {
          TlpEncoder.completionWithData(
              to,
              at,
              COMPLETER_ID,
              read.requesterId,
              read.tag,
              byteCount,
              (int) address & 0x7F,
              bytes);
          to.asSlice(at + 12, dataBytes).fill((byte) 0);
          MemorySegment.copy(
              window.mapped(), address - window.iova(), to, at + 12 + (address & 3), bytes);
        });
  }

  private void refuse(Held read, CompletionStatus status) {
    sender.send(
        FlowClass.COMPLETION,
        12,
        0,
        (to, at) ->
            TlpEncoder.completion(
                to,
                at,
                COMPLETER_ID,
                read.requesterId,
                read.tag,
                status,
                Math.max(1, read.bytes),
                (int) read.address & 0x7F));
  }
}
