package farslot.function.endpoint;

import farslot.pcie.CompletionStatus;
import farslot.pcie.FlowClass;
import farslot.pcie.MessageCode;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpView;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What a function does about an error: Status and Device Status bits, AER with its Header Log, and
 * ERR_COR, ERR_NONFATAL or ERR_FATAL upstream (PCI Express Base Specification 6.2.5, figure 6-2).
 */
final class ErrorReporter {
  private static final ValueLayout.OfInt DW =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int MESSAGE_BYTES = 16;

  private final ConfigSpace config;
  private final Upstream upstream;
  private final EndpointCounters counters;
  private int requesterId;

  ErrorReporter(ConfigSpace config, Upstream upstream, EndpointCounters counters) {
    this.config = config;
    this.upstream = upstream;
    this.counters = counters;
  }

  /** Takes over what software has configured. */
  void configure(int id) {
    requesterId = id;
  }

  /**
   * Records an error and reports it as far as software wants to hear of it.
   *
   * @param advisory whether 6.2.3.2.4 makes it an Advisory Non-Fatal Error unless it is fatal:
   *     another agent is told anyhow, or nothing was lost
   * @param tlp the offending TLP, or null
   */
  void report(UncorrectableError error, boolean advisory, TlpView tlp) {
    boolean fatal = config.aer.fatal(error);
    boolean unsupported = error == UncorrectableError.UNSUPPORTED_REQUEST;
    if (unsupported) {
      config.pcie.unsupportedRequestDetected.set(true);
    }
    if (advisory && !fatal) {
      reportAdvisory(error, tlp);
      return;
    }
    (fatal ? config.pcie.fatalDetected : config.pcie.nonFatalDetected).set(true);
    record(error, tlp);
    if (config.aer.masked(error)) {
      return;
    }
    boolean serr = config.header.serrEnable.isSet();
    boolean wanted =
        (fatal ? config.pcie.fatalReporting : config.pcie.nonFatalReporting).isSet()
            && (!unsupported || config.pcie.unsupportedRequestReporting.isSet());
    if (serr || wanted) {
      if (serr) {
        config.header.signaledSystemError.set(true);
      }
      signal(fatal ? MessageCode.ERR_FATAL : MessageCode.ERR_NONFATAL);
    }
  }

  private void reportAdvisory(UncorrectableError error, TlpView tlp) {
    config.pcie.correctableDetected.set(true);
    config.aer.advisoryNonFatal.set(true);
    if (config.aer.advisoryNonFatalMask.isSet()) {
      return;
    }
    record(error, tlp);
    if (config.aer.masked(error)) {
      return;
    }
    boolean unsupported = error == UncorrectableError.UNSUPPORTED_REQUEST;
    if (config.pcie.correctableReporting.isSet()
        && (!unsupported || config.pcie.unsupportedRequestReporting.isSet())) {
      signal(MessageCode.ERR_COR);
    }
  }

  /** An answer other than SC to our own request: the old Status bits, 7.5.1.1.4. */
  void requestRefused(CompletionStatus status) {
    if (status == CompletionStatus.CA) {
      config.header.receivedTargetAbort.set(true);
    } else {
      config.header.receivedMasterAbort.set(true);
    }
  }

  /** Data that arrived poisoned, in a request. */
  void poisonedRequest(TlpView tlp) {
    counters.add(EndpointCounter.POISONED_TLPS);
    config.header.detectedParityError.set(true);
    boolean told = tlp.flowClass() == FlowClass.NON_POSTED;
    report(UncorrectableError.POISONED_TLP, told, tlp);
  }

  /** Data that arrived poisoned, in a completion: our request is told, so it is advisory. */
  void poisonedCompletion(TlpView tlp) {
    counters.add(EndpointCounter.POISONED_TLPS);
    config.header.detectedParityError.set(true);
    if (config.header.parityErrorResponse.isSet()) {
      config.header.masterDataParityError.set(true);
    }
    report(UncorrectableError.POISONED_TLP, true, tlp);
  }

  /** 6.2.4.2: the Header Log belongs to the first error until software clears its status. */
  private void record(UncorrectableError error, TlpView tlp) {
    boolean first = !config.aer.firstErrorPending();
    config.aer.setStatus(error);
    if (!first || config.aer.masked(error)) {
      return;
    }
    config.aer.setFirstError(error);
    for (int i = 0; i < 4; i++) {
      boolean there = tlp != null && 4 * i < tlp.headerBytes();
      config.aer.logHeader(i, there ? tlp.segment().get(DW, tlp.headerOffset() + 4L * i) : 0);
    }
  }

  /** PME_Turn_Off is answered with PME_TO_Ack (5.3.3.2.1). */
  void acknowledgeTurnOff() {
    send(MessageCode.GATHERED, MessageCode.PME_TO_ACK);
  }

  private void signal(int messageCode) {
    if (send(MessageCode.TO_ROOT_COMPLEX, messageCode)) {
      counters.add(EndpointCounter.ERROR_MESSAGES_SENT);
    }
  }

  private boolean send(int routing, int messageCode) {
    long at = upstream.claimPosted(MESSAGE_BYTES, 0);
    if (at < 0) {
      return false;
    }
    TlpEncoder.message(upstream.segment(), at, requesterId, 0, routing, messageCode);
    upstream.commit();
    return true;
  }
}
