package farslot.link;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.pcie.FlowClass;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * One end of a stream that sends numbered TLPs of all classes and sizes, and checks that those from
 * the other end come each once and in order, with the bytes that they were sent with.
 */
final class Traffic implements TlpIn {
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private final SplittableRandom random;
  private final int payloadBytesMax;
  private final TlpView view = new TlpView();
  LinkStream stream;
  long sent;
  long received;
  long roomCalls;
  int resets;
  boolean down;
  private boolean parked;
  private long planned = -1;
  private FlowClass flow;
  private int bytes;

  Traffic(SplittableRandom random, int payloadBytesMax) {
    this.random = random;
    this.payloadBytesMax = payloadBytesMax;
  }

  /** Sends up to so many; stops where there is no room. */
  void send(int count) {
    for (int i = 0; i < count && !parked && !down && stream.isUp(); i++) {
      plan();
      parked = !sendOne();
    }
  }

  private void plan() {
    if (planned == sent) {
      return;
    }
    planned = sent;
    flow = FlowClass.values()[random.nextInt(3)];
    bytes = random.nextInt(4) == 0 ? payloadBytesMax : 8 + 4 * random.nextInt(60);
  }

  private boolean sendOne() {
    boolean read = flow == FlowClass.NON_POSTED;
    int header = flow == FlowClass.COMPLETION ? 12 : 16;
    long at = stream.claim(flow, read ? header : header + bytes, read ? 0 : bytes);
    if (at < 0) {
      return false;
    }
    MemorySegment to = stream.segment();
    switch (flow) {
      case POSTED -> TlpEncoder.memoryWrite(to, at, 0x100, 1L << 40, bytes);
      case NON_POSTED ->
          TlpEncoder.memoryRead(to, at, 0x100, (int) (sent & 0xFF), 1L << 40 | sent << 12, 64);
      case COMPLETION -> TlpEncoder.completionWithData(to, at, 0x100, 0, 7, bytes, 0, bytes);
    }
    if (!read) {
      for (int i = 0; i < bytes; i += 8) {
        if (i + 8 <= bytes) {
          to.set(U64, at + header + i, sent * 31 + i);
        } else {
          to.set(ValueLayout.JAVA_INT_UNALIGNED, at + header + i, 0);
        }
      }
    }
    stream.commit();
    sent++;
    return true;
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    view.wrap(segment, offset, tlpBytes);
    long number =
        switch (view.flowClass()) {
          case NON_POSTED -> (view.address() ^ 1L << 40) >> 12;
          default -> {
            long first = segment.get(U64, view.dataOffset());
            for (int i = 0; i + 8 <= view.dataBytes(); i += 8) {
              assertThat(segment.get(U64, view.dataOffset() + i)).isEqualTo(first + i);
            }
            yield first / 31;
          }
        };
    assertThat(number).as("number of TLP").isEqualTo(received);
    received++;
  }

  @Override
  public void onRoom() {
    roomCalls++;
    parked = false;
  }

  @Override
  public void onHotReset() {
    resets++;
  }

  @Override
  public void onDown() {
    down = true;
  }
}
