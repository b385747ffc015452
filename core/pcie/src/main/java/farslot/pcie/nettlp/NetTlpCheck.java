package farslot.pcie.nettlp;

import static farslot.pcie.nettlp.NetTlpFormat.*;

import farslot.pcie.BigEndian;
import farslot.pcie.TlpError;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;

/** The rules that a datagram has to keep before anything in it is believed. */
public final class NetTlpCheck {
  /** AT and Length in a TLP's first DW (2.2.1). */
  private static final int AT_AND_LENGTH = 0xFFF;

  private static final int AT = 0xC00;

  /**
   * How libtlp encodes 1024 DW: it lets the eleventh bit of the length run into AT, where the
   * specification writes 0.
   */
  private static final int LENGTH_OF_LIBTLP = 0x400;

  private NetTlpCheck() {}

  /**
   * Says what is wrong with a datagram, or null when there is a TLP in it that may be looked at. A
   * length that libtlp has encoded in its own way is put right in place.
   *
   * @param bytes any value; the segment holds {@link NetTlpFormat#DATAGRAM_BYTES_MAX} at least
   */
  public static NetTlpError check(MemorySegment datagram, long offset, int bytes) {
    if (bytes < DATAGRAM_BYTES_MIN) {
      return NetTlpError.TOO_SHORT;
    }
    if (bytes > DATAGRAM_BYTES_MAX) {
      return NetTlpError.TOO_LONG;
    }
    long tlp = offset + HEADER_BYTES;
    int dw0 = BigEndian.i32(datagram, tlp);
    boolean memory = TlpType.isMemoryRead(dw0 >>> 24) || TlpType.isMemoryWrite(dw0 >>> 24);
    if (memory && (dw0 & AT_AND_LENGTH) == LENGTH_OF_LIBTLP) {
      dw0 &= ~AT;
      BigEndian.i32(datagram, tlp, dw0);
    }
    TlpError error = TlpView.check(datagram, tlp, bytes - HEADER_BYTES);
    if (error != null) {
      return switch (error) {
        case LENGTH_MISMATCH, TYPE_LENGTH -> NetTlpError.LENGTH;
        case TOO_LONG -> NetTlpError.TOO_LONG;
        case CROSSES_PAGE -> NetTlpError.CROSSES_PAGE;
        default -> NetTlpError.MALFORMED;
      };
    }
    return memory && (dw0 & AT) != 0 ? NetTlpError.ADDRESS_TYPE : null;
  }
}
