package farslot.backend;

import java.io.IOException;

/** What {@link RingEngine} needs of {@link farslot.linux.IoRing}: so that tests have another. */
interface Ring extends AutoCloseable {
  /** Readable while ends wait. */
  int fd();

  /** Requests that may be under way at once. */
  int endsMax();

  /** Whether another can be prepared before {@link #submit}. */
  boolean hasRoom();

  /** Prepares a request's operation; there must be room. */
  void prepare(Request request, int tag);

  /** Hands over what is prepared; how many were not taken, to be tried again later. */
  int submit() throws IOException;

  /** Waits until an end is there. */
  void await() throws IOException;

  /** Goes on to the next end: false when there is none. */
  boolean next();

  int tag();

  int result();

  @Override
  void close();
}
