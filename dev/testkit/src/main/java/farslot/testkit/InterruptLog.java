package farslot.testkit;

import java.util.ArrayList;
import java.util.List;

/** Interrupts and error messages that a root complex has received. */
public final class InterruptLog {
  /** Where messages are sent: as on x86, one page of addresses that is no memory. */
  static final long MESSAGE_ADDRESS = 0xFEE0_0000L;

  static final long MESSAGE_ADDRESS_END = 0xFEF0_0000L;

  /** Message Data of vector 0; a multiple of 32, as multiple-message MSI needs. */
  static final int MESSAGE_DATA = 0x4000;

  private final List<Integer> vectors = new ArrayList<>();
  private final List<Integer> errors = new ArrayList<>();
  private int asserted;
  private int asserts;

  void message(int data) {
    vectors.add(data - MESSAGE_DATA);
  }

  void intx(int pin, boolean assertion) {
    asserted = assertion ? asserted | 1 << pin : asserted & ~(1 << pin);
    asserts += assertion ? 1 : 0;
  }

  void error(int messageCode) {
    errors.add(messageCode);
  }

  /** The wires are released when the link goes down or is reset. */
  void release() {
    asserted = 0;
  }

  /** Vectors of MSI and MSI-X in the order of their arrival, since the last {@link #clear}. */
  public List<Integer> vectors() {
    return List.copyOf(vectors);
  }

  /** How often one vector was signalled since the last {@link #clear}. */
  public int count(int vector) {
    return (int) vectors.stream().filter(each -> each == vector).count();
  }

  /** Whether any INTx wire is asserted now. */
  public boolean intxAsserted() {
    return asserted != 0;
  }

  /** Assert_INTx messages since the last {@link #clear}. */
  public int intxAsserts() {
    return asserts;
  }

  /** Message Codes of ERR_COR, ERR_NONFATAL and ERR_FATAL since the last {@link #clear}. */
  public List<Integer> errors() {
    return List.copyOf(errors);
  }

  /** Forgets what was signalled; INTx's level stays as it is. */
  public void clear() {
    vectors.clear();
    errors.clear();
    asserts = 0;
  }
}
