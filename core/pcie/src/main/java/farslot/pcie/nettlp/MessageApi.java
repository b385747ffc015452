package farslot.pcie.nettlp;

/**
 * What a program asks the adapter's host before it begins (libtlp's message API): one i32 there, a
 * structure back. Little-endian, as the hosts of both ends are.
 */
public final class MessageApi {
  public static final int PORT = 0x2FFF;

  public static final int REQUEST_BYTES = 4;

  /** Answered by a u64: the address of BAR4. */
  public static final int BAR4_ADDRESS = 1;

  public static final int BAR4_ADDRESS_BYTES = 8;

  /** Answered by a u16: bus, device and function. */
  public static final int DEVICE_ID = 2;

  public static final int DEVICE_ID_BYTES = 2;

  /** Answered by {@link #VECTORS} entries: address u64, data u32. */
  public static final int MSIX_TABLE = 3;

  public static final int VECTORS = 16;

  /** Packed: nothing between an entry's data and the next one's address. */
  public static final int ENTRY_BYTES = 12;

  public static final int ENTRY_ADDRESS = 0;
  public static final int ENTRY_DATA = 8;

  private MessageApi() {}
}
