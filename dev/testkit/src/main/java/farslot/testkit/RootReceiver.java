package farslot.testkit;

import farslot.pcie.FlowClass;
import farslot.pcie.MessageCode;
import farslot.pcie.TlpIn;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;

/** What comes up from the card, sorted; what must not come is an error of the card. */
final class RootReceiver implements TlpIn {
  private final RootSender sender;
  private final RootRequester requester;
  private final RootCompleter completer;
  private final InterruptLog interrupts;
  private final TlpView tlp = new TlpView();
  private boolean busMaster;

  RootReceiver(
      RootSender sender,
      RootRequester requester,
      RootCompleter completer,
      InterruptLog interrupts) {
    this.sender = sender;
    this.requester = requester;
    this.completer = completer;
    this.interrupts = interrupts;
  }

  /** Whether the card may send memory requests. */
  boolean busMaster() {
    return busMaster;
  }

  void busMaster(boolean on) {
    busMaster = on;
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    tlp.wrap(segment, offset, tlpBytes);
    if (TlpType.isCompletion(tlp.fmtType())) {
      requester.onCompletion(tlp);
    } else if (TlpType.isMemoryRead(tlp.fmtType())) {
      requireBusMaster();
      completer.read(tlp);
    } else if (TlpType.isMemoryWrite(tlp.fmtType())) {
      requireBusMaster();
      memoryWrite();
    } else if (tlp.flowClass() == FlowClass.POSTED) {
      message(tlp.messageCode());
    } else {
      throw new AssertionError("a card sent " + tlp.toTlp());
    }
  }

  private void requireBusMaster() {
    if (!busMaster) {
      throw new AssertionError("a card sent " + tlp.toTlp() + " with bus mastering off");
    }
  }

  private void memoryWrite() {
    long address = tlp.firstByteAddress();
    if (address >= InterruptLog.MESSAGE_ADDRESS && address < InterruptLog.MESSAGE_ADDRESS_END) {
      interrupts.message(GuestMemory.loadInt(tlp.segment(), tlp.dataOffset()));
    } else {
      completer.write(tlp);
    }
  }

  private void message(int code) {
    int pin = code & 3;
    switch (code & ~3) {
      case MessageCode.ASSERT_INTA -> interrupts.intx(pin, true);
      case MessageCode.DEASSERT_INTA -> interrupts.intx(pin, false);
      case MessageCode.ERR_COR & ~3 -> interrupts.error(code);
      default -> {
        // PME_TO_Ack and the like: nobody waits for it here.
      }
    }
  }

  @Override
  public void onRoom() {
    sender.onRoom();
  }

  @Override
  public void onHotReset() {
    throw new AssertionError("hot reset is sent downstream only");
  }

  @Override
  public void onDown() {
    // The root complex itself takes the link down.
  }
}
