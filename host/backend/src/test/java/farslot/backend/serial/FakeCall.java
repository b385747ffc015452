package farslot.backend.serial;

import farslot.function.Call;
import farslot.function.Calls;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A connection, and the network it is in, in a test's hands. */
final class FakeCall implements Call, Calls {
  final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  int room = Integer.MAX_VALUE;
  int dialled;
  boolean closed;
  private byte[] waiting = {};
  private Call.Listener listener;

  @Override
  public void open(Call.Listener to) {
    listener = to;
  }

  void connect() {
    listener.onConnected();
  }

  void end() {
    Call.Listener was = listener;
    listener = null;
    waiting = new byte[0];
    was.onEnded(End.HUNG_UP);
  }

  /** Bytes come, as one piece, behind those that still wait. */
  void put(int... values) {
    byte[] all = java.util.Arrays.copyOf(waiting, waiting.length + values.length);
    for (int i = 0; i < values.length; i++) {
      all[waiting.length + i] = (byte) values[i];
    }
    waiting = all;
    resume();
  }

  int waiting() {
    return waiting.length;
  }

  @Override
  public void resume() {
    while (listener != null && waiting.length > 0) {
      MemorySegment from = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, waiting);
      int taken = listener.onBytes(from, 0, waiting.length);
      if (taken == 0) {
        return;
      }
      waiting = java.util.Arrays.copyOfRange(waiting, taken, waiting.length);
    }
  }

  @Override
  public int send(MemorySegment from, long offset, int bytes) {
    int taken = Math.min(room, bytes);
    sent.writeBytes(from.asSlice(offset, taken).toArray(ValueLayout.JAVA_BYTE));
    room -= taken;
    return taken;
  }

  void roomFor(int bytes) {
    room = bytes;
    listener.onRoom();
  }

  @Override
  public void open(Incoming incoming) {}

  @Override
  public Call dial(String address) {
    dialled++;
    return this;
  }

  @Override
  public boolean readable(String address) {
    return true;
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
