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

  /** Fmt bit 0: the header has four DWs. */
  static final int FMT_4DW = 0x20;

  /** Fmt bit 1: data follows the header. */
  static final int FMT_DATA = 0x40;

  private static final int FMT_MASK = 0xE0;
  private static final int FMT_PREFIX = 0x80;
  private static final int PREFIX_END_TO_END = 0x10;
  private static final int ROUTING_MASK = 0x07;

  /** Fmt and Type with the format bits that a family shares taken out. */
  private static final int FAMILY_MASK = ~(FMT_4DW | FMT_DATA);

  private static final FlowClass[] FLOW = flows();

  private TlpType() {}

  /** The class whose credits a TLP of this type takes (2.6.1, table 2-45). */
  public static FlowClass flowClass(int fmtType) {
    FlowClass flow = FLOW[fmtType & 0xFF];
    if (flow == null) {
      throw new IllegalArgumentException("no TLP has Fmt and Type " + fmtType);
    }
    return flow;
  }

  /** Whether the specification defines this combination; prefixes are not TLPs by themselves. */
  public static boolean isDefined(int fmtType) {
    return FLOW[fmtType & 0xFF] != null;
  }

  /** Header bytes: 12 or 16. */
  public static int headerBytes(int fmtType) {
    return (fmtType & FMT_4DW) == 0 ? 12 : 16;
  }

  /** Whether data follows the header. */
  public static boolean hasData(int fmtType) {
    return (fmtType & FMT_DATA) != 0;
  }

  /** Whether this byte begins a prefix DW and not a header. */
  public static boolean isPrefix(int fmtType) {
    return (fmtType & FMT_MASK) == FMT_PREFIX;
  }

  /** Of a prefix: end-to-end (and under the ECRC), or local to one link. */
  public static boolean isEndToEndPrefix(int fmtType) {
    return isPrefix(fmtType) && (fmtType & PREFIX_END_TO_END) != 0;
  }

  /** MRd and MRdLk. */
  public static boolean isMemoryRead(int fmtType) {
    return (fmtType & ~(FMT_4DW | 1)) == MRD32;
  }

  /** MWr. */
  public static boolean isMemoryWrite(int fmtType) {
    return (fmtType & ~FMT_4DW) == MWR32;
  }

  /** Requests that read and change nothing by being requests: of memory, I/O, configuration. */
  public static boolean isReadRequest(int fmtType) {
    return isMemoryRead(fmtType) || fmtType == IORD || fmtType == CFGRD0 || fmtType == CFGRD1;
  }

  /** IORd and IOWr. */
  public static boolean isIo(int fmtType) {
    return (fmtType & ~FMT_DATA) == IORD;
  }

  /** CfgRd and CfgWr of both types. */
  public static boolean isConfig(int fmtType) {
    return (fmtType & ~(FMT_DATA | 1)) == CFGRD0;
  }

  /** Msg and MsgD of any routing. */
  public static boolean isMessage(int fmtType) {
    return (fmtType & ~(FMT_DATA | ROUTING_MASK)) == MSG;
  }

  /** Cpl, CplD and their locked forms. */
  public static boolean isCompletion(int fmtType) {
    return (fmtType & ~(FMT_DATA | 1)) == CPL;
  }

  /** FetchAdd, Swap and CAS. */
  public static boolean isAtomic(int fmtType) {
    int family = fmtType & ~FMT_4DW;
    return family >= FETCHADD32 && family <= CAS32;
  }

  /** CAS, whose data holds two operands: compare, then swap. */
  public static boolean isCas(int fmtType) {
    return (fmtType & ~FMT_4DW) == CAS32;
  }

  /** The specification's name without the address size: {@code MRd}, {@code CfgWr0}. */
  public static String name(int fmtType) {
    boolean data = hasData(fmtType);
    if (isMessage(fmtType)) {
      return data ? "MsgD" : "Msg";
    }
    return switch (fmtType & FAMILY_MASK) {
      case MRD32 -> data ? "MWr" : "MRd";
      case MRDLK32 -> "MRdLk";
      case IORD -> data ? "IOWr" : "IORd";
      case CFGRD0 -> data ? "CfgWr0" : "CfgRd0";
      case CFGRD1 -> data ? "CfgWr1" : "CfgRd1";
      case CPL -> data ? "CplD" : "Cpl";
      case CPLLK -> data ? "CplDLk" : "CplLk";
      case FETCHADD32 & FAMILY_MASK -> "FetchAdd";
      case SWAP32 & FAMILY_MASK -> "Swap";
      case CAS32 & FAMILY_MASK -> "CAS";
      default -> String.format("Type%02x", fmtType);
    };
  }

  private static FlowClass[] flows() {
    FlowClass[] flow = new FlowClass[256];
    set(flow, FlowClass.NON_POSTED, MRD32, MRD64, MRDLK32, MRDLK64);
    set(flow, FlowClass.NON_POSTED, IORD, IOWR, CFGRD0, CFGWR0, CFGRD1, CFGWR1);
    set(flow, FlowClass.NON_POSTED, FETCHADD32, FETCHADD64, SWAP32, SWAP64, CAS32, CAS64);
    set(flow, FlowClass.POSTED, MWR32, MWR64);
    set(flow, FlowClass.COMPLETION, CPL, CPLD, CPLLK, CPLDLK);
    for (int routing = 0; routing <= ROUTING_MASK; routing++) {
      set(flow, FlowClass.POSTED, MSG | routing, MSGD | routing);
    }
    return flow;
  }

  private static void set(FlowClass[] table, FlowClass flow, int... types) {
    for (int type : types) {
      table[type] = flow;
    }
  }
}
