package farslot.cards.uart16550;

import farslot.function.Agent;
import farslot.function.SerialLine;
import farslot.function.SerialSettings;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The other end of a connector, in a test's hands. */
final class FakeLine implements SerialLine {
  final ByteArrayOutputStream got = new ByteArrayOutputStream();
  final List<String> events = new ArrayList<>();

  /** Bytes that it takes until told otherwise. */
  int room = Integer.MAX_VALUE;

  boolean closed;
  private Agent agent;
  private Listener listener;
  private byte[] waiting = {};
  private final Runnable offer = this::offer;

  @Override
  public void open(Agent onAgent, Listener to) {
    agent = onAgent;
    listener = to;
  }

  @Override
  public int send(MemorySegment from, long offset, int bytes) {
    int taken = Math.min(bytes, room);
    got.writeBytes(from.asSlice(offset, taken).toArray(ValueLayout.JAVA_BYTE));
    room -= taken;
    return taken;
  }

  /** There is room for so many more. */
  void roomFor(int bytes) {
    room = bytes;
    listener.onRoom();
  }

  @Override
  public void resume() {
    agent.execute(offer);
  }

  /** Bytes come, behind those that still wait. */
  void put(byte[] bytes) {
    byte[] all = new byte[waiting.length + bytes.length];
    System.arraycopy(waiting, 0, all, 0, waiting.length);
    System.arraycopy(bytes, 0, all, waiting.length, bytes.length);
    waiting = all;
    offer();
  }

  void put(String text) {
    put(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Bytes that the UART has not taken yet. */
  int waiting() {
    return waiting.length;
  }

  private void offer() {
    if (waiting.length > 0) {
      int taken = listener.onBytes(MemorySegment.ofArray(waiting), 0, waiting.length);
      waiting = java.util.Arrays.copyOfRange(waiting, taken, waiting.length);
    }
  }

  Listener listener() {
    return listener;
  }

  String text() {
    return got.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void settings(SerialSettings settings) {
    events.add(settings.toString());
  }

  @Override
  public void sendBreak(boolean on) {
    events.add("break " + on + " after " + got.size());
  }

  @Override
  public void lines(boolean dtr, boolean rts) {
    events.add("dtr " + dtr + " rts " + rts);
  }

  @Override
  public String toString() {
    return "a test";
  }

  @Override
  public void close() {
    closed = true;
  }
}
