package farslot.cards.uart16550;

import farslot.function.Agent;
import farslot.function.SerialLine;
import farslot.function.SerialSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A port whose characters take the time that divisor and format say, for software that counts on
 * it. Bytes that come while the receiver is full are lost, as they are on a wire.
 */
final class PacedPort extends UartPort {
  private static final long SECOND_NS = 1_000_000_000L;

  /** How far a late timer catches up: what a full FIFO holds. */
  private static final int LATE_CHARACTERS_MAX = UartSpec.FIFO_BYTES;

  /** Character times that a character waits for until software is told (8.11). */
  private static final int TIMEOUT_CHARACTERS = 4;

  private final MemorySegment one = Arena.ofAuto().allocate(1);
  private Agent.Timer transmitTimer;
  private Agent.Timer receiveTimer;
  private Agent.Timer timeoutTimer;
  private long characterNs;

  /** When the character in the shift register has gone. */
  private long transmitDueNs;

  private boolean transmitting;

  /** When the next character can have come. */
  private long receiveDueNs;

  /** The line had more than could have come. */
  private boolean more;

  PacedPort(Owner owner, SerialLine line, int baudBase) {
    super(owner, line, baudBase);
    characterNs = characterNs();
  }

  @Override
  void open(Agent onAgent) {
    transmitTimer = onAgent.timer(this::transmit);
    receiveTimer = onAgent.timer(this::receiverReady);
    timeoutTimer = onAgent.timer(uart::receiverTimeout);
    receiveDueNs = onAgent.nowNs();
    super.open(onAgent);
  }

  @Override
  void close() {
    transmitTimer.cancel();
    receiveTimer.cancel();
    timeoutTimer.cancel();
    super.close();
  }

  @Override
  public void settings(SerialSettings settings) {
    characterNs = characterNs();
    super.settings(settings);
  }

  private long characterNs() {
    SerialSettings settings = uart.settings();
    return Math.max(1, SECOND_NS * settings.halfBits() / 2 / settings.baud());
  }

  @Override
  void send() {
    shiftOut(false);
  }

  @Override
  void loopBack() {
    shiftOut(true);
  }

  @Override
  boolean idle() {
    return super.idle() && !transmitting;
  }

  private void shiftOut(boolean loop) {
    long nowNs = agent.nowNs();
    if (!transmitting) {
      transmitDueNs = nowNs + characterNs;
    }
    transmitting = uart.shift();
    transmitDueNs = Math.max(transmitDueNs, nowNs - LATE_CHARACTERS_MAX * characterNs);
    while (transmitting && nowNs >= transmitDueNs && gone(loop)) {
      uart.shifted();
      transmitting = uart.shift();
      transmitDueNs += characterNs;
    }
    if (transmitting && !blocked()) {
      transmitTimer.arm(Math.max(0, transmitDueNs - nowNs));
    }
  }

  private boolean gone(boolean loop) {
    int character = uart.transmitter().shifted();
    if (loop) {
      uart.receive(character, 0);
      return true;
    }
    one.set(ValueLayout.JAVA_BYTE, 0, (byte) character);
    return sendBytes(one, 1) == 1;
  }

  /** As many as there was time for; they overrun when software has not read the others. */
  @Override
  int room() {
    if (uart.loopback()) {
      return 0;
    }
    long nowNs = agent.nowNs();
    long earliestNs = more ? nowNs - LATE_CHARACTERS_MAX * characterNs : nowNs;
    receiveDueNs = Math.max(receiveDueNs, earliestNs);
    if (nowNs < receiveDueNs) {
      receiveTimer.arm(receiveDueNs - nowNs);
      return 0;
    }
    return (int) (1 + (nowNs - receiveDueNs) / characterNs);
  }

  @Override
  void received(int bytes, boolean all) {
    receiveDueNs += bytes * characterNs;
    more = !all;
    if (more && bytes > 0) {
      receiveTimer.arm(Math.max(0, receiveDueNs - agent.nowNs()));
    }
  }

  @Override
  public void receiverActive() {
    if (paused()) {
      return; // Its time begins when the card is resumed.
    }
    timeoutTimer.arm(TIMEOUT_CHARACTERS * characterNs);
  }

  /** What is under way takes its time anew afterwards: one character more is no harm. */
  @Override
  void pause() {
    super.pause();
    transmitTimer.cancel();
    receiveTimer.cancel();
    timeoutTimer.cancel();
    transmitting = false;
  }

  @Override
  void resume() {
    characterNs = characterNs();
    super.resume();
    receiverActive();
  }
}
