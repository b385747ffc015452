package farslot.function.faults;

import java.util.Locale;

/** What passes between a server and a card, as far as something can be wrong with it. */
public enum Traffic {
  /** The server reads a BAR, of memory or I/O. */
  READ("the server's reads of a BAR"),
  /** The server writes to a BAR. */
  WRITE("the server's writes to a BAR"),
  CONFIG_READ("the server's reads of configuration space"),
  CONFIG_WRITE("the server's writes to configuration space"),
  /** The card reads memory; its AtomicOps count as such. */
  DMA_READ("the card's reads of memory, and its AtomicOps"),
  DMA_WRITE("the card's writes to memory, without interrupts"),
  /** MSI, MSI-X and INTx. */
  INTERRUPT("the card's interrupts: MSI, MSI-X and INTx");

  private final String summary;

  Traffic(String summary) {
    this.summary = summary;
  }

  /** For people. */
  public String summary() {
    return summary;
  }

  /** As it is called in commands: {@code dma-read}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it is answered by a completion. */
  boolean answered() {
    return this == READ || this == CONFIG_READ || this == CONFIG_WRITE || this == DMA_READ;
  }
}
