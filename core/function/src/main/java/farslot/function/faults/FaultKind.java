package farslot.function.faults;

import static farslot.function.faults.Traffic.CONFIG_READ;
import static farslot.function.faults.Traffic.CONFIG_WRITE;
import static farslot.function.faults.Traffic.DMA_READ;
import static farslot.function.faults.Traffic.DMA_WRITE;
import static farslot.function.faults.Traffic.INTERRUPT;
import static farslot.function.faults.Traffic.READ;
import static farslot.function.faults.Traffic.WRITE;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What can be made to go wrong. Sections are those of the PCI Express Base Specification. */
public enum FaultKind {
  /** 2.8: the requester's completion timeout has to end it. */
  NO_ANSWER(
      "completions are withheld: the request is never answered",
      READ,
      CONFIG_READ,
      CONFIG_WRITE,
      DMA_READ),
  /** 2.2.9. */
  UR("answered Unsupported Request, without data", READ, CONFIG_READ, CONFIG_WRITE, DMA_READ),
  /** 2.2.9. */
  CA("answered Completer Abort, without data", READ, CONFIG_READ, CONFIG_WRITE, DMA_READ),
  /** 2.7.2. */
  POISON("the data is marked as poisoned (EP)", READ, CONFIG_READ, WRITE, DMA_READ, DMA_WRITE),
  DELAY(
      "answers, DMA or interrupts leave the card later",
      READ,
      CONFIG_READ,
      CONFIG_WRITE,
      DMA_READ,
      DMA_WRITE,
      INTERRUPT),
  DROP("it is lost, and nobody hears of it", WRITE, DMA_READ, DMA_WRITE, INTERRUPT),
  WRONG_DATA(
      "every bit of the data is inverted",
      READ,
      CONFIG_READ,
      WRITE,
      DMA_READ,
      DMA_WRITE,
      INTERRUPT),
  /** 2.3.2: an answer that contradicts its request. */
  WRONG_COUNT("the completion's Byte Count is not what is due", READ, CONFIG_READ, DMA_READ),
  /** 2.3.2: unexpected completion. */
  WRONG_TAG("the completion has another tag", READ, CONFIG_READ, CONFIG_WRITE, DMA_READ),
  /** 2.2.3: malformed TLP. */
  WRONG_LENGTH("the completion's Length is not what it carries", READ, CONFIG_READ, DMA_READ),
  FLOOD("interrupts that nothing has caused, at a rate"),
  LINK_DOWN("the function is gone, and comes back after a time"),
  REMOVE("the function is gone until the fault is cleared");

  private final String summary;
  private final Set<Traffic> possible;

  FaultKind(String summary, Traffic... possible) {
    this.summary = summary;
    this.possible = EnumSet.noneOf(Traffic.class);
    this.possible.addAll(Arrays.asList(possible));
  }

  /** For people. */
  public String summary() {
    return summary;
  }

  /** As it is called in commands: {@code no-answer}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it can be done to; what takes the function away can wait for anything to trigger it. */
  public Set<Traffic> possible() {
    return takesAway() ? EnumSet.allOf(Traffic.class) : EnumSet.copyOf(possible);
  }

  /** Whether the function vanishes. */
  boolean takesAway() {
    return this == LINK_DOWN || this == REMOVE;
  }
}
