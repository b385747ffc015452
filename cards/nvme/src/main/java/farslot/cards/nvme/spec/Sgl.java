package farslot.cards.nvme.spec;

/** Scatter gather list descriptors, 16 bytes (Base 4.1.2, figures 113 to 121). */
public final class Sgl {
  public static final int BYTES = 16;
  public static final int ADDRESS = 0;
  public static final int LENGTH = 8;

  /** Type in bits 7:4, sub type in bits 3:0. */
  public static final int IDENTIFIER = 15;

  public static final int DATA_BLOCK = 0;
  public static final int BIT_BUCKET = 1;
  public static final int SEGMENT = 2;
  public static final int LAST_SEGMENT = 3;

  private Sgl() {}
}
