package farslot.cards.nvme.spec;

/** Controller or Namespace Structure values of Identify (Base figure 273). */
public final class Cns {
  public static final int NAMESPACE = 0x00;
  public static final int CONTROLLER = 0x01;
  public static final int ACTIVE_NAMESPACES = 0x02;
  public static final int NAMESPACE_DESCRIPTORS = 0x03;
  public static final int IO_NAMESPACE = 0x05;
  public static final int IO_CONTROLLER = 0x06;
  public static final int IO_ACTIVE_NAMESPACES = 0x07;
  public static final int INDEPENDENT_NAMESPACE = 0x08;
  public static final int ALLOCATED_NAMESPACES = 0x10;
  public static final int ALLOCATED_NAMESPACE = 0x11;
  public static final int ATTACHED_CONTROLLERS = 0x12;
  public static final int CONTROLLERS = 0x13;
  public static final int IO_ALLOCATED_NAMESPACES = 0x1A;
  public static final int IO_ALLOCATED_NAMESPACE = 0x1B;
  public static final int IO_COMMAND_SETS = 0x1C;

  /** Every Identify data structure, bytes. */
  public static final int BYTES = 4096;

  /** Command Set Identifier of the NVM Command Set (Base figure 274). */
  public static final int CSI_NVM = 0;

  // Namespace Identification Descriptor types (Base figure 277).
  public static final int NIDT_NGUID = 2;
  public static final int NIDT_UUID = 3;
  public static final int NIDT_CSI = 4;

  private Cns() {}
}
