package farslot.cards.uart16550;

import static farslot.cards.uart16550.UartSpec.*;

import farslot.function.SerialSettings;
import farslot.function.SerialSettings.Parity;
import farslot.function.SerialSettings.StopBits;

/** What divisor and Line Control Register say (8.1, 8.2). */
final class LineFormat {
  /** To what the counter of a divisor of 0 counts. */
  private static final int DIVISOR_OF_ZERO = 0x10000;

  private LineFormat() {}

  /**
   * @param baudBase bits a second with a divisor of 1
   */
  static SerialSettings settings(int baudBase, int divisor, int lineControl) {
    int baud = BaudRates.nearest(baudBase, divisor == 0 ? DIVISOR_OF_ZERO : divisor);
    StopBits stop = (lineControl & LCR_STOP_BITS) != 0 ? StopBits.TWO : StopBits.ONE;
    return new SerialSettings(baud, dataBits(lineControl), parity(lineControl), stop);
  }

  /** The bits of a byte that are a character. */
  static int dataMask(int lineControl) {
    return (1 << dataBits(lineControl)) - 1;
  }

  private static int dataBits(int lineControl) {
    return DATA_BITS_MIN + (lineControl & LCR_WORD_LENGTH);
  }

  private static Parity parity(int lineControl) {
    if ((lineControl & LCR_PARITY) == 0) {
      return Parity.NONE;
    }
    boolean even = (lineControl & LCR_EVEN_PARITY) != 0;
    if ((lineControl & LCR_STICK_PARITY) != 0) {
      return even ? Parity.SPACE : Parity.MARK;
    }
    return even ? Parity.EVEN : Parity.ODD;
  }
}
