package farslot.capture;

/**
 * The pcapng file format (draft-ietf-opsawg-pcapng): blocks of a type, a length, a body and the
 * length again, in the byte order that the section header tells. Little-endian here.
 */
public final class PcapngFormat {
  // Section 3.1: a block around its body, which is padded to a multiple of 4.
  public static final int BLOCK_HEADER_BYTES = 8;
  public static final int BLOCK_OVERHEAD_BYTES = 12;

  // Section 4: block types.
  public static final int SECTION_HEADER = 0x0A0D0D0A;
  public static final int INTERFACE_DESCRIPTION = 1;
  public static final int INTERFACE_STATISTICS = 5;
  public static final int ENHANCED_PACKET = 6;

  // Section 4.1: section header.
  public static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
  public static final int VERSION_MAJOR = 1;
  public static final int VERSION_MINOR = 0;

  // Section 3.5: options of all blocks.
  public static final int OPT_END = 0;
  public static final int OPT_COMMENT = 1;

  // Section 4.1: options of a section header.
  public static final int SHB_OS = 3;
  public static final int SHB_USERAPPL = 4;

  // Section 4.2: options of an interface description.
  public static final int IF_NAME = 2;
  public static final int IF_DESCRIPTION = 3;
  public static final int IF_TSRESOL = 9;

  // Section 4.3: options of a packet. Bits 0 and 1 of the flags are the direction.
  public static final int EPB_FLAGS = 2;
  public static final int EPB_DROPCOUNT = 4;
  public static final int DIRECTION_INBOUND = 1;
  public static final int DIRECTION_OUTBOUND = 2;

  // Section 4.6: options of interface statistics.
  public static final int ISB_IFRECV = 4;
  public static final int ISB_IFDROP = 5;

  /** if_tsresol: 10 to the minus 9. */
  public static final int NANOSECONDS = 9;

  // Link types (IANA's registry of them).
  /** Ethernet. */
  public static final int LINKTYPE_ETHERNET = 1;

  /** For private use: here a PCIeoE frame, from its magic on. */
  public static final int LINKTYPE_USER0 = 147;

  private PcapngFormat() {}
}
