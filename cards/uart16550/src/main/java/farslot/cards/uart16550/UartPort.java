package farslot.cards.uart16550;

import farslot.function.Agent;
import farslot.function.SerialLine;
import farslot.function.SerialSettings;
import farslot.function.Turn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A UART with a line at its connector. Characters take no time: what software writes has gone as
 * soon as the line takes it, and what the line has fills the receiver whenever there is room. So
 * the receiver never overruns, and four character times are over at once.
 */
class UartPort implements Uart.Effects, SerialLine.Listener {
  /** Who is told what has changed of one of its ports. */
  interface Owner {
    /** What LSR or MSR read. */
    void statusChanged();

    void interruptsChanged();
  }

  final Uart uart;
  final SerialLine line;
  private final Owner owner;
  private final MemorySegment out = Arena.ofAuto().allocate(UartSpec.FIFO_BYTES);
  Agent agent;
  private Turn flush;

  /** The line has taken less than it was given. */
  private boolean blocked;

  /** The line waits until there is room here. */
  private boolean held;

  /** Nothing begins by itself: a state is about to be taken, or was just put in. */
  private boolean paused;

  private boolean breakWanted;
  private boolean breakSent;
  private long bytesSent;
  private long bytesReceived;

  UartPort(Owner owner, SerialLine line, int baudBase) {
    this.owner = owner;
    this.line = line;
    uart = new Uart(this, baudBase);
  }

  void open(Agent onAgent) {
    agent = onAgent;
    flush = new Turn(agent, this::flush);
    line.open(agent, this);
  }

  void close() {
    line.close();
  }

  long bytesSent() {
    return bytesSent;
  }

  long bytesReceived() {
    return bytesReceived;
  }

  // From the UART

  @Override
  public void statusChanged() {
    owner.statusChanged();
  }

  @Override
  public void interrupt(boolean asserted) {
    owner.interruptsChanged();
  }

  /** Not at once: what software writes in one go leaves in one go. */
  @Override
  public void transmit() {
    flush.later();
  }

  @Override
  public void receiverReady() {
    if (held && !paused) {
      held = false;
      line.resume();
    }
  }

  @Override
  public void receiverActive() {
    uart.receiverTimeout();
  }

  @Override
  public void modemControl(boolean dtr, boolean rts) {
    line.lines(dtr, rts);
  }

  @Override
  public void sendBreak(boolean on) {
    breakWanted = on;
    transmit();
  }

  @Override
  public void settings(SerialSettings settings) {
    line.settings(settings);
  }

  // To the line

  private void flush() {
    if (paused) {
      return;
    }
    if (uart.loopback()) {
      loopBack();
    } else if (!blocked) {
      send();
    }
    if (breakWanted != breakSent && idle()) {
      breakSent = breakWanted;
      line.sendBreak(breakSent);
    }
  }

  /** Sends what can go now. */
  void send() {
    int bytes = uart.transmitter().count();
    if (bytes > 0) {
      uart.transmitter().copyTo(out);
      uart.sent(sendBytes(out, bytes));
    }
  }

  void loopBack() {
    uart.loopBack();
  }

  /** Whether nothing is on its way any more. */
  boolean idle() {
    return uart.transmitter().count() == 0;
  }

  /** Gives bytes to the line; how many it took. */
  final int sendBytes(MemorySegment from, int bytes) {
    int taken = line.send(from, 0, bytes);
    assert taken >= 0 && taken <= bytes;
    bytesSent += taken;
    blocked = taken < bytes;
    return taken;
  }

  final boolean blocked() {
    return blocked;
  }

  // From the line

  @Override
  public final void onRoom() {
    blocked = false;
    transmit();
  }

  @Override
  public final int onBytes(MemorySegment data, long offset, int bytes) {
    int take = paused ? 0 : Math.min(bytes, room());
    for (int i = 0; i < take; i++) {
      uart.receive(data.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF, 0);
    }
    bytesReceived += take;
    held |= take < bytes;
    if (take > 0) {
      received(take, take == bytes);
    }
    return take;
  }

  /** Characters that may come now. */
  int room() {
    return uart.receiverRoom();
  }

  /** That many have come, and those were all or not. */
  void received(int bytes, boolean all) {}

  /** A character that is no character may find no room: then it is lost as any other. */
  @Override
  public final void onBreak() {
    if (!uart.loopback() && !paused) {
      uart.receive(0, UartSpec.LSR_BREAK | UartSpec.LSR_FRAMING);
    }
  }

  @Override
  public final void onDamaged(byte character, boolean framing) {
    if (!uart.loopback() && !paused) {
      uart.receive(character & 0xFF, framing ? UartSpec.LSR_FRAMING : UartSpec.LSR_PARITY);
    }
  }

  @Override
  public final void onLines(boolean cts, boolean dsr, boolean ri, boolean dcd) {
    uart.lines(cts, dsr, ri, dcd, !paused);
  }

  // State

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
    uart.resume();
    receiverReady();
    transmit();
  }

  final boolean paused() {
    return paused;
  }
}
