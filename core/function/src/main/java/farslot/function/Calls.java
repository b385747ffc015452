package farslot.function;

/** Calls out, and calls that come in: a modem's telephone line. On the slot's agent thread only. */
public interface Calls extends AutoCloseable {
  /** Who is told of calls that come in. */
  interface Incoming {
    /** Somebody calls. {@link Call#open} or {@link Call#close} it, in this call or later. */
    void onCall(Call call);
  }

  /** Begins to let calls in. Called once, before any other call but {@link #close}. */
  void open(Incoming incoming);

  /**
   * Calls somebody. Whether that is permitted is not asked here.
   *
   * @param address {@code host:port} or {@code [v6]:port}; see {@link #readable}
   * @return a call that says later whether it got there
   */
  Call dial(String address);

  /** Whether an address can be read: nothing is asked of anybody. */
  boolean readable(String address);

  /** Where calls come in, for people. */
  @Override
  String toString();

  /** Lets no more calls in. Those that there are go on. */
  @Override
  void close();
}
