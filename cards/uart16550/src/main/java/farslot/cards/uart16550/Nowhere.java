package farslot.cards.uart16550;

import farslot.function.Agent;
import farslot.function.SerialLine;
import farslot.function.SerialSettings;
import java.lang.foreign.MemorySegment;

/** A connector into which nothing is plugged. */
final class Nowhere implements SerialLine {
  @Override
  public void open(Agent agent, Listener listener) {}

  @Override
  public int send(MemorySegment from, long offset, int bytes) {
    return bytes;
  }

  @Override
  public void resume() {}

  @Override
  public void settings(SerialSettings settings) {}

  @Override
  public void sendBreak(boolean on) {}

  @Override
  public void lines(boolean dtr, boolean rts) {}

  @Override
  public String toString() {
    return "nothing";
  }

  @Override
  public void close() {}
}
