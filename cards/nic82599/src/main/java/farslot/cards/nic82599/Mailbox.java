package farslot.cards.nic82599;

import static farslot.cards.nic82599.spec.VfRegister.*;

import farslot.cards.nic82599.spec.MailboxMessage;
import farslot.function.Agent;
import farslot.function.FunctionPort;
import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * The mailbox between a function and the physical one (7.10.2.9): sixteen words, and a register of
 * bits that each sets for the other. The physical function is here: {@link MailboxRequests}. It
 * answers inside the write that asks, so it never owns the words for longer than that.
 */
final class Mailbox implements Runnable {
  /** What the register can show here. */
  private static final int BITS_SEEN = VFMAILBOX_RC | VFMAILBOX_VFU;

  private final Causes causes;
  private final MailboxRequests requests;
  private final Agent.Timer timer;
  private final int[] words = new int[VFMBMEM_WORDS];
  private int bits;

  /** The answer in the words has not been acknowledged by the guest. */
  private boolean answerStands;

  private boolean pingWaits;

  Mailbox(FunctionPort port, Causes causes, MailboxRequests requests) {
    this.causes = causes;
    this.requests = requests;
    timer = port.timer(this);
  }

  /** The function was reset from outside: as after power-on, when the physical one has come up. */
  void reset() {
    java.util.Arrays.fill(words, 0);
    bits = VFMAILBOX_RSTD;
    answerStands = false;
    pingWaits = false;
    timer.cancel();
    requests.reset();
  }

  /** VFCTRL.RST: the physical function is told (VFLRE) and forgets what was agreed on. */
  void functionReset() {
    bits &= ~VFMAILBOX_VFU;
    answerStands = false;
    pingWaits = false;
    timer.cancel();
    requests.reset();
  }

  void save(StateWriter state) {
    state.part("nic82599.mailbox", 1);
    for (int word : words) {
      state.i32(word);
    }
    state.u8(bits).flag(answerStands).flag(pingWaits);
    requests.save(state);
  }

  void restore(StateReader state) throws StateException {
    state.part("nic82599.mailbox", 1);
    for (int i = 0; i < words.length; i++) {
      words[i] = state.i32();
    }
    bits = state.u8();
    state.require((bits & ~BITS_SEEN) == 0, "there are no such bits as " + bits);
    answerStands = state.flag();
    pingWaits = state.flag();
    if (pingWaits) {
      timer.arm(NicLimits.PING_HOLD_NS);
    }
    requests.restore(state);
  }

  int readWord(int index) {
    return words[index];
  }

  void writeWord(int index, int value) {
    words[index] = value;
  }

  /** VFMAILBOX: some bits are cleared by being read. */
  int read() {
    int was = bits;
    bits &= ~VFMAILBOX_RC;
    return was;
  }

  void write(int value) {
    bits = bits & ~VFMAILBOX_VFU | value & VFMAILBOX_VFU;
    if ((value & VFMAILBOX_ACK) != 0) {
      answerStands = false;
    }
    if ((value & VFMAILBOX_REQ) != 0) {
      request();
    }
    if (pingWaits) {
      tryPing();
    }
  }

  private void request() {
    bits |= VFMAILBOX_PFACK;
    if (requests.answer(words)) {
      bits |= VFMAILBOX_PFSTS;
      answerStands = true;
    }
    causes.mailbox();
  }

  /** The link has come or gone: says so, as soon as the words are not in use. */
  void ping() {
    if (requests.clearToSend()) {
      pingWaits = true;
      tryPing();
    }
  }

  /** The guest has had its time. */
  @Override
  public void run() {
    answerStands = false;
    tryPing();
  }

  private void tryPing() {
    if (!pingWaits) {
      return;
    }
    if (answerStands || (bits & VFMAILBOX_VFU) != 0) {
      timer.arm(NicLimits.PING_HOLD_NS);
      return;
    }
    pingWaits = false;
    timer.cancel();
    words[0] = MailboxMessage.PF_CONTROL | MailboxMessage.CLEAR_TO_SEND;
    bits |= VFMAILBOX_PFSTS;
    causes.mailbox();
  }
}
