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

  /** Connections that are open; agents keep two each. */
  static final int CONNECTIONS_MAX = 2048;

  /** Requests under way, those included that wait for something to happen. */
  static final int REQUESTS_MAX = 1536;

  /** Of these, by who has not said who it is. */
  static final int ANONYMOUS_REQUESTS_MAX = 16;

  private static final int HEADERS_MAX = 64;
  private static final int HEADER_BYTES_MAX = 32 << 10;
  private static final int REQUEST_SECONDS_MAX = 20;

  /** From the request to the end of the answer; the longest wait that may be asked for is less. */
  private static final int ANSWER_SECONDS_MAX = 150;

  private static final int IDLE_SECONDS_MAX = 90;

  private HttpLimits() {}

  /**
   * Tells the JDK's server, which reads them once, before it is first used. Whoever set one on the
   * command line keeps it.
   */
  static void tellJdk() {
    set("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
    set("sun.net.httpserver.maxIdleConnections", CONNECTIONS_MAX);
    set("sun.net.httpserver.idleInterval", IDLE_SECONDS_MAX);
    set("sun.net.httpserver.maxReqTime", REQUEST_SECONDS_MAX);
    set("sun.net.httpserver.maxRspTime", ANSWER_SECONDS_MAX);
    set("sun.net.httpserver.maxReqHeaders", HEADERS_MAX);
    set("sun.net.httpserver.maxReqHeaderSize", HEADER_BYTES_MAX);
    set("jdk.http.maxHeaderSize", HEADER_BYTES_MAX);
    set("sun.net.httpserver.drainAmount", ANONYMOUS_BODY_BYTES_MAX);
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private static void set(String property, int value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(value));
    }
  }
}
