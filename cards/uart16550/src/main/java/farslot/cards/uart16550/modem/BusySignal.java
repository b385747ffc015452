package farslot.cards.uart16550.modem;

import farslot.function.Call;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What a caller gets whose call cannot be taken: a modem hears that it is busy, others the end. */
final class BusySignal implements Call.Listener {
  private final Call call;
  private final boolean greets;

  private BusySignal(Call call, boolean greets) {
    this.call = call;
    this.greets = greets;
  }

  static void give(Call call, boolean greets) {
    call.open(new BusySignal(call, greets));
  }

  @Override
  public void onConnected() {
    if (greets) {
      int length = TrunkFormat.GREETING.length;
      MemorySegment words = Arena.ofAuto().allocate(length + TrunkFormat.HEADER_BYTES, 1);
      MemorySegment.copy(
          TrunkFormat.GREETING, 0, words, ValueLayout.JAVA_BYTE, 0, TrunkFormat.GREETING.length);
      words.set(ValueLayout.JAVA_BYTE, length, (byte) TrunkFormat.BUSY);
      call.send(words, 0, (int) words.byteSize());
    }
    call.close();
  }

  @Override
  public int onBytes(MemorySegment data, long offset, int bytes) {
    return bytes;
  }

  @Override
  public void onRoom() {}

  @Override
  public void onEnded(Call.End end) {}
}
