package farslot.cards.uart16550.modem;

import farslot.function.Agent;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The computer's end of a data call: its bytes, the escape sequence among them, inactivity. */
final class DataCall {
  /** Who is told. */
  interface Owner {
    /** The escape sequence has come. */
    void onEscape();

    /** Nothing has gone either way for as long as S30 says. */
    void onIdle();
  }

  private static final long GUARD_UNIT_NS = 20_000_000;
  private static final long TENS_NS = 10 * ModemSpec.SECOND_NS;

  private final Agent agent;
  private final Profile profile;
  private final Owner owner;
  private final EscapeDetector escapes = new EscapeDetector();
  private final Agent.Timer escapeTimer;
  private final Agent.Timer idleTimer;
  private long lastDataNs;

  DataCall(Agent agent, Profile profile, Owner owner) {
    this.agent = agent;
    this.profile = profile;
    this.owner = owner;
    escapeTimer = agent.timer(owner::onEscape);
    idleTimer = agent.timer(this::onIdleTimer);
  }

  /** CONNECT was told. */
  void begin() {
    lastDataNs = agent.nowNs();
    escapes.reset(lastDataNs);
    if (idleNs() > 0) {
      idleTimer.arm(idleNs());
    }
  }

  void stop() {
    escapeTimer.cancel();
    idleTimer.cancel();
  }

  private long idleNs() {
    return profile.register(ModemSpec.S_INACTIVITY_TENS) * TENS_NS;
  }

  private void onIdleTimer() {
    long leftNs = lastDataNs + idleNs() - agent.nowNs();
    if (leftNs > 0) {
      idleTimer.arm(leftNs);
    } else {
      owner.onIdle();
    }
  }

  /** Bytes have come from the other end. */
  void came() {
    lastDataNs = agent.nowNs();
  }

  /** Sends the computer's bytes; returns how many were taken. The escape sequence goes too. */
  int take(Trunk trunk, MemorySegment from, long offset, int bytes) {
    long guardNs = profile.register(ModemSpec.S_GUARD_FIFTIETHS) * GUARD_UNIT_NS;
    // Without a guard time the third escape character ends the data, whatever stands behind it.
    int taken = trunk.data(from, offset, guardNs == 0 ? 1 : bytes);
    long now = agent.nowNs();
    for (int i = 0; i < taken; i++) {
      int value = from.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF;
      escapes.next(value, profile.register(ModemSpec.S_ESCAPE), guardNs, now);
    }
    if (taken > 0) {
      lastDataNs = now;
      escapeTimer.cancel();
      if (escapes.complete()) {
        escaped(guardNs);
      }
    }
    return taken;
  }

  private void escaped(long guardNs) {
    if (guardNs == 0) {
      owner.onEscape();
    } else {
      escapeTimer.arm(guardNs);
    }
  }
}
