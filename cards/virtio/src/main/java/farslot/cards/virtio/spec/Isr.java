package farslot.cards.virtio.spec;

/** ISR status (4.1.4.5): one byte, cleared by reading. */
public final class Isr {
  public static final int QUEUE = 1;
  public static final int CONFIGURATION = 2;

  private Isr() {}
}
