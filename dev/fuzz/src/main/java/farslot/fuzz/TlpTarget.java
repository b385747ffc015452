package farslot.fuzz;

import farslot.pcie.Tlp;
import farslot.pcie.TlpPrinter;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** The TLP parser: what the check passes can be read, printed, and comes back from its record. */
final class TlpTarget implements Target {
  private final TlpView view = new TlpView();

  @Override
  public void run(byte[] input) {
    MemorySegment segment = MemorySegment.ofArray(input);
    require(!TlpPrinter.describe(segment, 0, input.length).isBlank(), "prints nothing");
    if (TlpView.check(segment, 0, input.length) != null) {
      return;
    }
    view.wrap(segment, 0, input.length);
    long behind = view.dataOffset() + view.dataBytes() + (view.hasDigest() ? 4 : 0);
    require(behind == input.length, "the parts do not add up");
    require(view.completedBytes() <= Math.max(0, view.dataBytes()), "completes more than it has");
    view.ecrcMatches();
    Tlp tlp = view.toTlp();
    byte[] again = tlp.encode();
    require(again.length == input.length, "comes back with another length");
    require(Tlp.decode(again).equals(tlp), "comes back as another TLP");
    require(Arrays.equals(Tlp.decode(again).encode(), again), "is not stable");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        Tlps.memoryWrite(0x1000, 16),
        Tlps.memoryRead(0x1004, 5),
        Tlps.configWrite(4, 3, 6),
        Tlps.configRead(16, 1),
        Tlps.completion(0x100, 0x305, 0, 8, 4, new byte[8]),
        Tlps.completion(0x100, 5, 1, 4, 0, new byte[0]),
        bytes(0x60, 0, 0, 1, 1, 0, 7, 0x0F, 0, 0, 0, 1, 0, 0, 0x10, 0, 1, 2, 3, 4),
        bytes(0x34, 0, 0, 0, 1, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0),
        bytes(0x4C, 0, 0, 1, 1, 0, 3, 0, 0, 0, 0x10, 0, 1, 2, 3, 4),
        bytes(0x4E, 0, 0, 2, 1, 0, 3, 0, 0, 0, 0x10, 0, 1, 2, 3, 4, 5, 6, 7, 8),
        bytes(0x91, 0, 0, 0, 0x00, 0, 0x80, 1, 1, 0, 7, 0x0F, 0, 0, 0x10, 0, 1, 2, 3, 4));
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
