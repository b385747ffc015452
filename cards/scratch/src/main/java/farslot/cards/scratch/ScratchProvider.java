package farslot.cards.scratch;

import farslot.function.BackEnds;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.function.CardProvider;
import farslot.function.PciFunction;

/** Makes scratch cards. */
public final class ScratchProvider implements CardProvider {
  private static final long SRAM_BYTES_MIN = 4 << 10;
  private static final long SRAM_BYTES_MAX = 256 << 20;

  @Override
  public String kind() {
    return "scratch";
  }

  @Override
  public String summary() {
    return "registers, memory, DMA and interrupts to try drivers with (fa51:5c4a)";
  }

  @Override
  public PciFunction create(CardConfig config, BackEnds backEnds) throws CardConfigException {
    long sramBytes = config.size("sram", ScratchSpec.SRAM_BYTES);
    if (Long.bitCount(sramBytes) != 1 || sramBytes < SRAM_BYTES_MIN || sramBytes > SRAM_BYTES_MAX) {
      throw config.wrong("sram", "a power of two from 4KiB to 256MiB");
    }
    long serialNumber = config.number("serial-number", 0, 0, Long.MAX_VALUE);
    config.finish();
    return new ScratchFunction((int) sramBytes, serialNumber);
  }
}
