package farslot.function;

/**
 * How a serial line is spoken: what a UART's divisor and line control register say. Lines that have
 * a speed of their own (a real tty, a serial port behind RFC 2217) follow it, others need not.
 *
 * @param baud bits a second, at least 1
 * @param dataBits 5 to 8
 * @param stopBits as the register has them: {@link StopBits#TWO} with 5 data bits is one and a half
 */
public record SerialSettings(int baud, int dataBits, Parity parity, StopBits stopBits) {
  /** The bit behind the data. */
  public enum Parity {
    NONE,
    ODD,
    EVEN,
    MARK,
    SPACE
  }

  /** What ends a character. */
  public enum StopBits {
    ONE,
    TWO
  }

  public SerialSettings {
    if (baud < 1 || dataBits < 5 || dataBits > 8) {
      throw new IllegalArgumentException(baud + " baud, " + dataBits + " data bits");
    }
  }

  /** Half bits of a character on the wire, its start bit too. */
  public int halfBits() {
    int stop = stopBits == StopBits.ONE ? 2 : dataBits == 5 ? 3 : 4;
    return 2 + 2 * dataBits + (parity == Parity.NONE ? 0 : 2) + stop;
  }

  /** For people: {@code 115200 8N1}. */
  @Override
  public String toString() {
    String stop = stopBits == StopBits.ONE ? "1" : dataBits == 5 ? "1.5" : "2";
    return baud + " " + dataBits + parity.name().charAt(0) + stop;
  }
}
