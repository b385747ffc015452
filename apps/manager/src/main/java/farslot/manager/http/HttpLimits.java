package farslot.manager.http;

/** Bounds of what others can make this server do. */
public final class HttpLimits {
  /** Where the API listens unless told otherwise. */
  public static final int PORT = 7590;

  /** A request's body. */
  public static final int BODY_BYTES_MAX = 1 << 20;

  /** The body of who has not said who it is: a token and a request for a certificate. */
  static final int ANONYMOUS_BODY_BYTES_MAX = 16 << 10;

  static final int PATH_CHARS_MAX = 2048;
  static final int QUERY_KEYS_MAX = 64;
  static final int HEADERS_MAX = 64;

  /** All before a request's body. */
  static final int HEAD_BYTES_MAX = 32 << 10;

  /** Connections that are open; agents keep two each. */
  static final int CONNECTIONS_MAX = 2048;

  /** Of these, by one member, so that none keeps out the others. */
  static final int CONNECTIONS_OF_MEMBER_MAX = 128;

  /** Of these, by who has not said who it is: also each that has just been accepted. */
  static final int STRANGERS_MAX = 512;

  /** Of these, by one IPv4 address or one IPv6 network (64 bits). */
  static final int STRANGERS_OF_ADDRESS_MAX = 128;

  /** Requests under way, those included that wait for something to happen. */
  static final int REQUESTS_MAX = 1536;

  /** Of these, by who has not said who it is. */
  static final int ANONYMOUS_REQUESTS_MAX = 16;

  /** From accepting a connection to its first request's head; from a head to its body's end. */
  static final int REQUEST_SECONDS_MAX = 20;

  /** To make the answer; the longest wait that may be asked for is less. */
  static final int ANSWER_SECONDS_MAX = 660;

  /** From an answer to the next request's head. */
  static final int IDLE_SECONDS_MAX = 90;

  /** For the other end to hear that this one closes, and how much it may still send meanwhile. */
  static final int LEAVE_SECONDS_MAX = 5;

  static final long DRAIN_BYTES_MAX = 8 << 20;

  private HttpLimits() {}
}
