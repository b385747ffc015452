package farslot.pcie;

/** Fmt and Type as one byte, byte 0 of the header (2.2.1, table 2-3). */
public final class TlpType {
  public static final int MRD32 = 0x00;
  public static final int MRD64 = 0x20;
  public static final int MRDLK32 = 0x01;
  public static final int MRDLK64 = 0x21;
  public static final int MWR32 = 0x40;
  public static final int MWR64 = 0x60;
  public static final int IORD = 0x02;
  public static final int IOWR = 0x42;
  public static final int CFGRD0 = 0x04;
  public static final int CFGWR0 = 0x44;
  public static final int CFGRD1 = 0x05;
  public static final int CFGWR1 = 0x45;

  /** Msg and MsgD: the low three bits are the routing. */
  public static final int MSG = 0x30;

  public static final int MSGD = 0x70;
  public static final int CPL = 0x0A;
  public static final int CPLD = 0x4A;
  public static final int CPLLK = 0x0B;
  public static final int CPLDLK = 0x4B;
  public static final int FETCHADD32 = 0x4C;
  public static final int FETCHADD64 = 0x6C;
  public static final int SWAP32 = 0x4D;
  public static final int SWAP64 = 0x6D;
  public static final int CAS32 = 0x4E;
  public static final int CAS64 = 0x6E;

  private TlpType() {}

  /** The class whose credits a TLP of this type takes. */
  public static FlowClass flowClass(int fmtType) {
    throw new UnsupportedOperationException();
  }
}
