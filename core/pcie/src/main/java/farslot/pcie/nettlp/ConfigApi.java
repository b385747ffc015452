package farslot.pcie.nettlp;

/**
 * Access of a program to the adapter's own configuration space: six bytes without NetTLP's header,
 * answered by the same six with the data filled in. Writes are not answered. Big-endian.
 */
public final class ConfigApi {
  /** Where the adapter listens. */
  public static final int PORT = 0x5001;

  /**
   * Where libtlp sends to, which is also the port of tag 1: told apart by the size, for no TLP is
   * that short.
   */
  public static final int PORT_OF_LIBTLP = 0x4001;

  public static final int BYTES = 6;

  /** u16: command in bits 15:14, byte enables in 13:10, DW number in 9:0. */
  public static final int COMMAND = 0;

  public static final int COMMAND_SHIFT = 14;
  public static final int COMMAND_READ = 0;
  public static final int COMMAND_WRITE = 1;
  public static final int DW_MASK = 0x3FF;

  /** u32: the register's value. */
  public static final int DATA = 2;

  private ConfigApi() {}
}
