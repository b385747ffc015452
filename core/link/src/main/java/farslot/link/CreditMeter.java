package farslot.link;

import farslot.pcie.BigEndian;
import farslot.pcie.FlowClass;
import java.lang.foreign.MemorySegment;

/**
 * The receiver's half of flow control (PCI Express Base Specification 2.6.1.2): CREDITS_ALLOCATED
 * and CREDITS_RECEIVED, modulo 2^32. Credits that were freed are told in batches: once a quarter of
 * a class's window has gathered, which keeps the other three open to the sender meanwhile.
 */
final class CreditMeter {
  private static final FlowClass[] CLASSES = FlowClass.values();
  private final int[] headerWindow = new int[CLASSES.length];
  private final int[] dataWindow = new int[CLASSES.length];
  private final int[] headersReceived = new int[CLASSES.length];
  private final int[] dataReceived = new int[CLASSES.length];
  private final int[] headersAllocated = new int[CLASSES.length];
  private final int[] dataAllocated = new int[CLASSES.length];
  private final int[] headersFreed = new int[CLASSES.length];
  private final int[] dataFreed = new int[CLASSES.length];

  CreditMeter(Credits granted) {
    for (FlowClass flow : CLASSES) {
      int i = flow.ordinal();
      headerWindow[i] = headersAllocated[i] = granted.headers(flow);
      dataWindow[i] = dataAllocated[i] = granted.data(flow);
    }
  }

  /** One TLP has come; false when it was not covered by credits (2.6.1: Receiver Overflow). */
  boolean receive(FlowClass flow, int dataCredits) {
    int i = flow.ordinal();
    headersReceived[i]++;
    dataReceived[i] += dataCredits;
    return (headerWindow[i] == 0 || headersAllocated[i] - headersReceived[i] >= 0)
        && (dataWindow[i] == 0 || dataAllocated[i] - dataReceived[i] >= 0);
  }

  /** It has been dealt with; true when it is time to say so. */
  boolean free(FlowClass flow, int dataCredits) {
    int i = flow.ordinal();
    headersFreed[i]++;
    dataFreed[i] += dataCredits;
    return due(i);
  }

  private boolean due(int i) {
    return headerWindow[i] != 0 && headersFreed[i] >= headerWindow[i] / 4
        || dataWindow[i] != 0 && dataFreed[i] >= dataWindow[i] / 4;
  }

  /** Bytes of the CREDIT body that {@link #write} will write. */
  int bodyBytes() {
    int bytes = 0;
    for (int i = 0; i < CLASSES.length; i++) {
      bytes += due(i) ? FrameFormat.CREDIT_ENTRY_BYTES : 0;
    }
    return bytes;
  }

  /** Grants again what was freed in the classes that are due. */
  void write(MemorySegment to, long at) {
    for (int i = 0; i < CLASSES.length; i++) {
      if (due(i)) {
        headersAllocated[i] += headersFreed[i];
        dataAllocated[i] += dataFreed[i];
        headersFreed[i] = 0;
        dataFreed[i] = 0;
        BigEndian.i32(to, at, i << 24);
        BigEndian.i32(to, at + 4, headerWindow[i] == 0 ? 0 : headersAllocated[i]);
        BigEndian.i32(to, at + 8, dataWindow[i] == 0 ? 0 : dataAllocated[i]);
        at += FrameFormat.CREDIT_ENTRY_BYTES;
      }
    }
  }

  /** Headers that the peer may still send, as it has been told. */
  int headersUsable(FlowClass flow) {
    int i = flow.ordinal();
    return headerWindow[i] == 0 ? Integer.MAX_VALUE : headersAllocated[i] - headersReceived[i];
  }

  /** The same for data. */
  int dataUsable(FlowClass flow) {
    int i = flow.ordinal();
    return dataWindow[i] == 0 ? Integer.MAX_VALUE : dataAllocated[i] - dataReceived[i];
  }

  /** Headers that the peer may still send once it has been told all; the window when at rest. */
  int headersOutstanding(FlowClass flow) {
    int i = flow.ordinal();
    return headersAllocated[i] + headersFreed[i] - headersReceived[i];
  }

  /** The same for data. */
  int dataOutstanding(FlowClass flow) {
    int i = flow.ordinal();
    return dataAllocated[i] + dataFreed[i] - dataReceived[i];
  }

  /** Headers freed that the peer has not been told of. */
  int headersFreed(FlowClass flow) {
    return headersFreed[flow.ordinal()];
  }

  /** The same for data. */
  int dataFreed(FlowClass flow) {
    return dataFreed[flow.ordinal()];
  }

  int headerWindow(FlowClass flow) {
    return headerWindow[flow.ordinal()];
  }

  int dataWindow(FlowClass flow) {
    return dataWindow[flow.ordinal()];
  }
}
