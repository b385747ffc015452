package farslot.pcie;

/**
 * Where the fields of a header lie (2.2.1 to 2.2.9, non-flit mode). Offsets are bytes from the
 * header's first; masks are for the big-endian DW that the name says.
 */
final class TlpHeader {
  /** DW 0: Fmt and Type, T9, TC, T8, Attr[2], LN, TH, TD, EP, Attr[1:0], AT, Length (2.2.1). */
  static final int T9 = 1 << 23;

  static final int TC_SHIFT = 20;
  static final int TC_MASK = 7;
  static final int T8 = 1 << 19;
  static final int ATTR_IDO = 1 << 18;
  static final int LN = 1 << 17;
  static final int TH = 1 << 16;
  static final int TD = 1 << 15;
  static final int EP = 1 << 14;
  static final int ATTR_SHIFT = 12;
  static final int ATTR_MASK = 3;
  static final int AT_SHIFT = 10;
  static final int AT_MASK = 3;
  static final int LENGTH_MASK = 0x3FF;

  /** Requests: Requester ID, Tag, Last and First DW BE (2.2.6, 2.2.5), or a Message Code. */
  static final int REQUESTER_ID = 4;

  static final int TAG = 6;
  static final int BYTE_ENABLES = 7;
  static final int MESSAGE_CODE = 7;

  /** Where an address, a destination ID or a message's own fields begin (2.2.4, 2.2.8). */
  static final int ADDRESS = 8;

  static final int DESTINATION_ID = 8;
  static final int REGISTER = 10;
  static final int REGISTER_MASK = 0xFFC;

  /** Completions (2.2.9): Completer ID; Status, BCM and Byte Count; Requester ID; Tag; address. */
  static final int COMPLETER_ID = 4;

  static final int STATUS = 6;
  static final int STATUS_SHIFT = 13;
  static final int BCM = 1 << 12;
  static final int BYTE_COUNT_MASK = 0xFFF;
  static final int CPL_REQUESTER_ID = 8;
  static final int CPL_TAG = 10;
  static final int LOWER_ADDRESS = 11;
  static final int LOWER_ADDRESS_MASK = 0x7F;

  /** Bytes of a DW: a prefix, a digest, the unit of Length. */
  static final int DW = 4;

  private TlpHeader() {}

  /** Length in DW, 1 to 1024: 0 stands for 1024 (2.2.2). */
  static int lengthDw(int dw0) {
    return ((dw0 - 1) & LENGTH_MASK) + 1;
  }
}
