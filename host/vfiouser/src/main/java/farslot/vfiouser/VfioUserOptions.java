package farslot.vfiouser;

/**
 * How a function is shown to its client.
 *
 * @param doorbells whether doorbells are messages or memory
 * @param msix what the client sees of MSI-X
 * @param replyDeadlineNs no reply is later than this; reads are then all-ones. QEMU's own limit
 *     (x-msg-timeout) is 5 s, and a later reply ruins its session
 * @param errorOnLoss whether the loss of the card is signalled as VFIO's error interrupt. QEMU then
 *     stops the whole guest; without it the guest finds all-ones, as after any surprise removal
 */
public record VfioUserOptions(
    Doorbells doorbells, Msix msix, long replyDeadlineNs, boolean errorOnLoss) {
  /** How doorbell writes reach us. */
  public enum Doorbells {
    /** Memory for a client that sends VERSION without JSON (SPDK), messages for the others. */
    AUTO,
    /** Always messages. */
    TRAPPED,
    /** Memory for every client, if the class of the function allows it. The loop then polls. */
    MAPPED
  }

  /**
   * What a client sees of MSI-X. QEMU 10.1 to 11.1 abort when a device is unplugged ({@code
   * device_del}) of which they know that it has MSI-X.
   */
  public enum Msix {
    /** All of it; the client keeps the table and signals the guest. */
    SHOWN,
    /** The guest sees it, QEMU does not; the table is kept here, interrupts go by DMA_WRITE. */
    RELAYED,
    /** Nothing: guests use MSI, or INTx. */
    HIDDEN
  }

  private static final long REPLY_DEADLINE_NS = 4_000_000_000L;

  public VfioUserOptions {
    if (replyDeadlineNs < 4) {
      throw new IllegalArgumentException("reply deadline " + replyDeadlineNs + " ns");
    }
  }

  /** What suits QEMU, Cloud Hypervisor and SPDK. */
  public static VfioUserOptions defaults() {
    return new VfioUserOptions(Doorbells.AUTO, Msix.SHOWN, REPLY_DEADLINE_NS, false);
  }

  public VfioUserOptions withDoorbells(Doorbells doorbells) {
    return new VfioUserOptions(doorbells, msix, replyDeadlineNs, errorOnLoss);
  }

  public VfioUserOptions withMsix(Msix msix) {
    return new VfioUserOptions(doorbells, msix, replyDeadlineNs, errorOnLoss);
  }

  public VfioUserOptions withReplyDeadlineNs(long replyDeadlineNs) {
    return new VfioUserOptions(doorbells, msix, replyDeadlineNs, errorOnLoss);
  }
}
