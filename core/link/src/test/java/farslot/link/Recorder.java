package farslot.link;

import farslot.pcie.TlpIn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Remembers what a stream delivered. */
class Recorder implements TlpIn, AttachListener {
  final List<String> tlps = new ArrayList<>();
  LinkStream stream;
  FunctionIdentity identity;
  AttachRefusal refusal;
  String holder;
  String text;
  int rooms;
  int resets;
  int downs;
  boolean fails;

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    if (fails) {
      throw new IllegalStateException("as the test asked");
    }
    byte[] bytes = segment.asSlice(offset, tlpBytes).toArray(ValueLayout.JAVA_BYTE);
    tlps.add(HexFormat.of().formatHex(bytes));
  }

  @Override
  public void onPush(long address, MemorySegment segment, long offset, int bytes, boolean steady) {
    byte[] data = segment.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
    String hex = HexFormat.of().formatHex(data);
    tlps.add("push %x %s%s".formatted(address, hex, steady ? " steady" : ""));
  }

  @Override
  public void onStalePush(long address, int bytes) {
    tlps.add("stale %x %d".formatted(address, bytes));
  }

  @Override
  public void onRevoke() {
    tlps.add("revoke");
  }

  @Override
  public void onEvent(
      int bar, long offset, int changes, MemorySegment segment, long at, int bytes) {
    byte[] data = segment.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
    tlps.add("event %d %x %d %s".formatted(bar, offset, changes, HexFormat.of().formatHex(data)));
  }

  @Override
  public void onHarmless(int bar, long offset, long bytes) {
    tlps.add("harmless %d %x %x".formatted(bar, offset, bytes));
  }

  @Override
  public void onRoom() {
    rooms++;
  }

  @Override
  public void onHotReset() {
    resets++;
    tlps.add("reset");
  }

  @Override
  public void onDown() {
    downs++;
  }

  @Override
  public void onAttached(LinkStream stream, FunctionIdentity identity) {
    this.stream = stream;
    this.identity = identity;
  }

  @Override
  public void onRefused(AttachRefusal code, String holder, String text) {
    refusal = code;
    this.holder = holder;
    this.text = text;
  }
}
