package farslot.sim;

import farslot.pcie.TlpIn;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Writes down what arrives, in order, and hands it on. */
final class ArrivalLog implements TlpIn {
  private final TlpIn in;
  private final TlpView tlp = new TlpView();
  private final List<String> all = new ArrayList<>();

  ArrivalLog(TlpIn in) {
    this.in = in;
  }

  void clear() {
    all.clear();
  }

  int size() {
    return all.size();
  }

  /** {@code MWr 10}: the type, and the address's low 12 bits or the tag of a completion. */
  List<String> all() {
    return List.copyOf(all);
  }

  /** Where the nth TLP of that type is, from 0; past the end when there are fewer. */
  int at(String type, int nth) {
    int left = nth;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).startsWith(type + " ") && left-- == 0) {
        return i;
      }
    }
    return all.size();
  }

  int count(String type) {
    return (int) all.stream().filter(each -> each.startsWith(type + " ")).count();
  }

  @Override
  public void onTlp(MemorySegment segment, long offset, int tlpBytes) {
    tlp.wrap(segment, offset, tlpBytes);
    String type = TlpType.name(tlp.fmtType());
    boolean completion = TlpType.isCompletion(tlp.fmtType());
    long which = completion ? tlp.tag() : tlp.firstByteAddress() & 0xFFF;
    all.add(type + " " + Long.toHexString(which));
    in.onTlp(segment, offset, tlpBytes);
  }

  @Override
  public void onRoom() {
    in.onRoom();
  }

  @Override
  public void onHotReset() {
    in.onHotReset();
  }

  @Override
  public void onDown() {
    in.onDown();
  }
}
