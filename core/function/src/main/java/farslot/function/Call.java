package farslot.function;

import java.lang.foreign.MemorySegment;

/**
 * One call of {@link Calls}: a stream of bytes to somebody far away, and back. On the slot's agent
 * thread only. Bytes are never lost while both ends stay: either takes what it has room for, and
 * the rest waits.
 */
public interface Call extends AutoCloseable {
  /** How a call came to its end. */
  enum End {
    /** The other end has gone, or went away while bytes were under way. */
    HUNG_UP,

    /** Somebody is there and takes no calls: a number without a modem. */
    REFUSED,

    /** No way there: no such name, no route, nobody answers. */
    UNREACHABLE
  }

  /** Who has the call here. None of these is called from within a call of the call's. */
  interface Listener {
    /** The other end has been reached. First of all, also for a call that has come in. */
    void onConnected();

    /**
     * Bytes that have come.
     *
     * @param data valid during this call
     * @param bytes at least 1
     * @return how many were taken, 0 to {@code bytes}; the others come again after {@link #resume}
     */
    int onBytes(MemorySegment data, long offset, int bytes);

    /** There is room again, after {@link #send} took less than it was given. */
    void onRoom();

    /** It is over, behind all that had come before. Nothing follows. */
    void onEnded(End end);
  }

  /** Begins. Called once, before any other call but {@link #close}. */
  void open(Listener listener);

  /**
   * Sends, once {@link Listener#onConnected} was called.
   *
   * @param from native memory, valid during this call
   * @param bytes at least 1
   * @return how many were taken, 0 to {@code bytes}; when less, {@link Listener#onRoom} follows
   */
  int send(MemorySegment from, long offset, int bytes);

  /** There is room again for {@link Listener#onBytes}. Bytes come later, not within this call. */
  void resume();

  /** Who is at the other end, for people. */
  @Override
  String toString();

  /** Hangs up. What was taken is still sent where that is possible; nothing is called any more. */
  @Override
  void close();
}
