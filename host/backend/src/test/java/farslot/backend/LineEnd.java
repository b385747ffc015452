package farslot.backend;

import farslot.function.SerialLine;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The UART's end of a line: takes as much as it is told to, and notes what it hears. */
final class LineEnd implements SerialLine.Listener {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<String> events = new ArrayList<>();
  volatile int appetite = Integer.MAX_VALUE;
  volatile int rooms;
  volatile String lines = "";
  volatile int breaks;

  @Override
  public int onBytes(MemorySegment data, long offset, int count) {
    int take = Math.min(count, appetite);
    synchronized (this) {
      bytes.writeBytes(data.asSlice(offset, take).toArray(ValueLayout.JAVA_BYTE));
    }
    appetite -= take;
    return take;
  }

  @Override
  public void onRoom() {
    rooms++;
  }

  @Override
  public void onLines(boolean cts, boolean dsr, boolean ri, boolean dcd) {
    lines = (cts ? "cts " : "") + (dsr ? "dsr " : "") + (ri ? "ri " : "") + (dcd ? "dcd " : "");
  }

  @Override
  public void onBreak() {
    breaks++;
    note("break");
  }

  @Override
  public void onDamaged(byte character, boolean framing) {
    note((framing ? "framing " : "parity ") + (char) character);
  }

  private synchronized void note(String event) {
    events.add(event);
  }

  synchronized List<String> events() {
    return List.copyOf(events);
  }

  synchronized String text() {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  synchronized int count() {
    return bytes.size();
  }

  synchronized byte[] all() {
    return bytes.toByteArray();
  }
}
