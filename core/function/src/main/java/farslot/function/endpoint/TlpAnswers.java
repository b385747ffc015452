package farslot.function.endpoint;

import farslot.function.TlpPort;
import farslot.pcie.CompletionStatus;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;

/** What a function that takes TLPs may do beside what every function may. */
record TlpAnswers(Completer completer, BarMap bars, ConfigSpace config, InterruptUnit interrupts)
    implements TlpPort {
  @Override
  public void complete(TlpView request, MemorySegment from, long offset) {
    if (TlpType.isMemoryRead(request.fmtType())) {
      completer.memory(request, from, offset);
    } else {
      completer.dw(request, from, offset);
    }
  }

  @Override
  public void complete(TlpView request) {
    completer.status(request, CompletionStatus.SC);
  }

  @Override
  public void refuse(TlpView request, CompletionStatus status) {
    completer.status(request, status);
  }

  @Override
  public int functionId() {
    return completer.completerId();
  }

  @Override
  public long barAddress(int bar) {
    return bars.base(bar);
  }

  @Override
  public int configDw(int offset) {
    return config.read(offset);
  }

  @Override
  public long messageAddress(int vector) {
    return interrupts.messageAddress(vector);
  }

  @Override
  public int messageData(int vector) {
    return interrupts.messageData(vector);
  }
}
