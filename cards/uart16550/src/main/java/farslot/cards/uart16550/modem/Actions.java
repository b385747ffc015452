package farslot.cards.uart16550.modem;

/**
 * What commands do beside changing a {@link Profile}. Each answers with its result; null says that
 * the result comes later, and what stands behind the command in its line is dropped.
 */
interface Actions {
  ResultCode dial(DialString dial);

  ResultCode answer();

  /** H: on hook with 0, off hook with 1. */
  ResultCode hook(int value);

  /** O: back to a data call. */
  ResultCode online();

  /** Z: hangs up; the interpreter has loaded the profile. */
  ResultCode reset();

  /** A profile has changed: signals and flow control follow. */
  void settled();

  /** One of {@code +FTS}, {@code +FRS}, {@code +FTM}, {@code +FRM}, {@code +FTH}, {@code +FRH}. */
  ResultCode fax(String command, int value);

  /** A line of information text. */
  void info(String text);
}
