package farslot.function;

import java.util.List;

/**
 * A vendor-specific capability (PCI Express Base Specification 7.9.4): what software reads there
 * never changes but where software itself may write. {@link farslot.function.endpoint.ConfigSpace}
 * gives it its place.
 *
 * @param dws its DWs behind the first, at most 62
 * @param writable for each of them, which bits software may write
 * @param vendorByte what follows the length in the first DW
 * @param window 0, or the offset in the capability of 4 bytes that are a BAR's: software which
 *     cannot reach the BAR reads and writes it there. The DW before says how many bytes (1, 2 or
 *     4), the one before that at which offset, and the low byte of the one before of which BAR
 */
public record VendorCapability(
    List<Integer> dws, List<Integer> writable, int vendorByte, int window) {
  private static final int DWS_MAX = 62;

  public VendorCapability {
    dws = List.copyOf(dws);
    writable = List.copyOf(writable);
    if (dws.size() > DWS_MAX || dws.size() != writable.size() || (vendorByte & ~0xFF) != 0) {
      throw new IllegalArgumentException("no such capability");
    }
    boolean fits = window >= 16 && window % 4 == 0 && window / 4 <= dws.size();
    if (window != 0 && !fits) {
      throw new IllegalArgumentException("no room for a window at " + window);
    }
  }

  /** One whose DWs software can only read. */
  public static VendorCapability readOnly(int vendorByte, List<Integer> dws) {
    return new VendorCapability(dws, dws.stream().map(dw -> 0).toList(), vendorByte, 0);
  }

  /** Length of all of it, bytes. */
  public int bytes() {
    return 4 + 4 * dws.size();
  }
}
