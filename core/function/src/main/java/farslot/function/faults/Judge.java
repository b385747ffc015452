package farslot.function.faults;

import farslot.function.Agent;
import farslot.function.endpoint.EndpointProbe;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import farslot.pcie.MessageCode;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * Says of each TLP what it is, has it struck if something concerns it, and does to it what that
 * means. A request is struck when it goes by; its completions then suffer for it.
 */
final class Judge {
  private static final int CPL_BYTES = 12;
  private static final int CONFIG_BYTES = 4;
  private static final int MESSAGE_DATA_BYTES = 4;

  /** Who knows what was ordered. */
  interface Faults {
    /** What strikes something at this place, or null. */
    ActiveFault strike(Traffic traffic, int bar, long first, long bytes);
  }

  private final FunctionEndpoint endpoint;
  private final EndpointProbe probe;
  private final Agent agent;
  private final Faults faults;

  /** Requests of the server, whose completions come from the card. */
  private final StruckRequests ofServer = new StruckRequests();

  /** Requests of the card. */
  private final StruckRequests ofCard = new StruckRequests();

  private final TlpView tlp = new TlpView();
  private final Passing copy = new Passing();
  private final ArrayDeque<byte[]> answers = new ArrayDeque<>();
  private final Runnable deliver = this::deliver;

  Judge(FunctionEndpoint endpoint, EndpointProbe probe, Agent agent, Faults faults) {
    this.endpoint = endpoint;
    this.agent = agent;
    this.probe = probe;
    this.faults = faults;
  }

  /** Another stream, or a Hot Reset: requests of before are answered by nobody. */
  void forget() {
    ofServer.clear();
    ofCard.clear();
    answers.clear();
  }

  /** Whether completions are to come that are to suffer. */
  boolean anyStruck() {
    return ofServer.any() || ofCard.any();
  }

  // From the server to the card.

  void incoming(MemorySegment segment, long offset, int tlpBytes) {
    tlp.wrap(segment, offset, tlpBytes);
    switch (tlp.flowClass()) {
      case COMPLETION -> {
        if (ofCard.concerns(tlp)) {
          ofCard.completion(copy.copy(tlp));
          deliver(copy);
          return;
        }
      }
      case NON_POSTED -> {
        ActiveFault struck = request();
        boolean io = tlp.fmtType() == TlpType.IOWR;
        ofServer.request(tlp.tag(), io ? null : struck);
        if (io && struck != null) {
          write(struck);
          return;
        }
      }
      case POSTED -> {
        ActiveFault struck = TlpType.isMemoryWrite(tlp.fmtType()) ? bar(Traffic.WRITE) : null;
        if (struck != null) {
          write(struck);
          return;
        }
      }
    }
    endpoint.onTlp(segment, offset, tlpBytes);
  }

  private ActiveFault request() {
    return switch (tlp.fmtType()) {
      case TlpType.MRD32, TlpType.MRD64, TlpType.IORD -> bar(Traffic.READ);
      case TlpType.IOWR -> bar(Traffic.WRITE);
      case TlpType.CFGRD0 -> config(Traffic.CONFIG_READ);
      case TlpType.CFGWR0 -> config(Traffic.CONFIG_WRITE);
      default -> null;
    };
  }

  private ActiveFault config(Traffic traffic) {
    return faults.strike(traffic, Fault.ANY, tlp.configOffset(), CONFIG_BYTES);
  }

  private ActiveFault bar(Traffic traffic) {
    boolean io = tlp.fmtType() == TlpType.IORD || tlp.fmtType() == TlpType.IOWR;
    int bytes = Math.max(1, tlp.enabledBytes());
    long address = tlp.firstByteAddress();
    int bar = probe.bar(address, bytes, io);
    return bar < 0 ? null : faults.strike(traffic, bar, probe.offset(bar, address), bytes);
  }

  /** The card gets another write, or none. */
  private void write(ActiveFault struck) {
    copy.copy(tlp).strike(struck.fault());
    if (copy.lost) {
      probe.lost(tlp);
    } else {
      deliver(copy);
    }
  }

  private void deliver(Passing changed) {
    if (changed.lost) {
      return;
    }
    if (TlpView.check(changed.segment, 0, changed.tlpBytes) == null) {
      endpoint.onTlp(changed.segment, 0, changed.tlpBytes);
    } else {
      endpoint.onMalformed();
    }
  }

  // From the card to the server.

  void outgoing(Passing passing) {
    switch (passing.tlp.flowClass()) {
      case COMPLETION -> ofServer.completion(passing);
      case NON_POSTED -> dmaRead(passing);
      case POSTED -> {
        ActiveFault struck = posted(passing.tlp);
        if (struck != null) {
          passing.strike(struck.fault());
        }
      }
    }
  }

  private ActiveFault posted(TlpView write) {
    if (!TlpType.isMemoryWrite(write.fmtType())) {
      int code = write.messageCode();
      boolean intx = code >= MessageCode.ASSERT_INTA && code <= MessageCode.DEASSERT_INTD;
      return intx ? faults.strike(Traffic.INTERRUPT, Fault.ANY, 0, 1) : null;
    }
    long address = write.firstByteAddress();
    int bytes = Math.max(1, write.enabledBytes());
    int vector = -1;
    if (bytes == MESSAGE_DATA_BYTES && (address & 3) == 0) {
      vector = probe.vector(address, LittleEndian.i32(write.segment(), write.dataOffset()));
    }
    return vector < 0
        ? faults.strike(Traffic.DMA_WRITE, Fault.ANY, address, bytes)
        : faults.strike(Traffic.INTERRUPT, Fault.ANY, vector, 1);
  }

  private void dmaRead(Passing passing) {
    TlpView read = passing.tlp;
    int bytes = Math.max(1, read.enabledBytes());
    ActiveFault struck = faults.strike(Traffic.DMA_READ, Fault.ANY, read.firstByteAddress(), bytes);
    ofCard.request(read.tag(), null);
    if (struck == null) {
      return;
    }
    switch (struck.fault().kind()) {
      case NO_ANSWER, DROP -> passing.lost = true;
      case UR -> answer(passing, CompletionStatus.UR);
      case CA -> answer(passing, CompletionStatus.CA);
      case DELAY -> passing.delayNs = struck.fault().delayNs();
      default -> ofCard.request(read.tag(), struck);
    }
  }

  /** The card is refused as a root port would refuse it; the server hears of nothing. */
  private void answer(Passing passing, CompletionStatus status) {
    TlpView read = passing.tlp;
    byte[] cpl = new byte[CPL_BYTES];
    TlpEncoder.completion(
        MemorySegment.ofArray(cpl),
        0,
        0,
        read.requesterId(),
        read.tag(),
        status,
        read.answerByteCount(),
        read.answerLowerAddress());
    passing.lost = true;
    answers.add(cpl);
    agent.execute(deliver); // Never from inside the card's own call.
  }

  private void deliver() {
    byte[] cpl = answers.poll();
    if (cpl != null) {
      endpoint.onTlp(MemorySegment.ofArray(cpl), 0, cpl.length);
    }
  }
}
