package farslot.cards.nvme.spec;

/**
 * Offsets in the Identify Namespace data structure (NVM 4.1.5.1, figure 97) and the I/O Command Set
 * Independent one (Base 5.17.2.8, figure 280).
 */
public final class IdentifyNamespace {
  public static final int NSZE = 0;
  public static final int NCAP = 8;
  public static final int NUSE = 16;
  public static final int NSFEAT = 24;
  public static final int NLBAF = 25;
  public static final int FLBAS = 26;
  public static final int DLFEAT = 33;
  public static final int NPWG = 64;
  public static final int NPWA = 66;
  public static final int NPDG = 68;
  public static final int NPDA = 70;
  public static final int NOWS = 72;
  public static final int NSATTR = 99;
  public static final int NGUID = 104;
  public static final int LBAF0 = 128;

  /** Each LBA format: MS 16 bits, LBADS 8 bits, RP 8 bits. */
  public static final int LBAF_BYTES = 4;

  public static final int LBAF_LBADS = 2;
  public static final int LBAF_RP = 3;

  public static final int NSFEAT_THIN = 1;
  public static final int NSFEAT_PREFERRED_GRANULARITY = 1 << 4;

  /** Deallocated blocks read as zeroes; Write Zeroes may deallocate. */
  public static final int DLFEAT_ZEROES = 1 | 1 << 3;

  public static final int NSATTR_WRITE_PROTECTED = 1;

  /** In the independent structure. */
  public static final int INDEPENDENT_NSATTR = 8;

  public static final int INDEPENDENT_NSTAT = 14;
  public static final int NSTAT_READY = 1;

  private IdentifyNamespace() {}
}
