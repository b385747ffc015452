package farslot.link;

import farslot.pcie.TlpIn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * The end that dials: keeps a session with one appliance over up to {@link FrameFormat#RAILS_MAX}
 * paths, resumes it after breaks, begins a new one when it is lost (its owner attaches again on
 * {@link LinkEvent.SessionUp}), until it is closed. On the owner's thread only.
 *
 * <p>Each {@link Path} dials by itself. One at a time asks for a new session; the others join it.
 * With a peer that uses one rail at a time the others are spares: when the rail is lost all dial,
 * and who is first has it.
 */
public final class LinkInitiator implements LinkEnd {
  private final LinkConfig config;
  private final LinkListener listener;
  private final RandomGenerator random;
  private final Handshake handshake = new Handshake();
  private final LinkCounters counters = new LinkCounters();
  private final ArrayDeque<Runnable> later = new ArrayDeque<>();
  private final LinkSession.Owner owner = new SessionOwner();

  /** Replaced, not changed, so that callbacks may add and remove while it is walked. */
  private Path[] paths = {};

  private LinkSession session;
  private AttachRequester requester;

  /** The path that said HELLO last, where they take turns. */
  private int lastSpeaker = -1;

  private boolean running;

  /** Whom it looks for; empty for whoever answers. */
  private String wanted = "";

  /** With one path to begin with. */
  public LinkInitiator(
      LinkConfig config, Dialer dialer, LinkListener listener, RandomGenerator random) {
    this(config, List.of(dialer), listener, random);
  }

  /**
   * @param dialers one for each path, at most {@link FrameFormat#RAILS_MAX}, all to the same
   *     appliance; more can come and go later
   * @param random for the pauses between attempts to connect
   */
  public LinkInitiator(
      LinkConfig config, List<Dialer> dialers, LinkListener listener, RandomGenerator random) {
    if (dialers.size() > FrameFormat.RAILS_MAX) {
      throw new IllegalArgumentException(
          "a session has at most %d paths, not %d"
              .formatted(FrameFormat.RAILS_MAX, dialers.size()));
    }
    this.config = config;
    this.listener = listener;
    this.random = random;
    for (Dialer dialer : dialers) {
      add(new Path(paths.length, dialer, this, 0));
    }
  }

  /** Begins to connect. */
  public void start(long nowNs) {
    running = true;
    for (Path path : paths) {
      path.starts(nowNs);
    }
    review(nowNs);
  }

  /**
   * Says whom the paths must lead to; else whoever answers there is taken. Rails made so far stay.
   *
   * @param nodeName of the appliance; empty for anybody
   */
  public void expect(String nodeName) {
    wanted = nodeName;
  }

  /** The session that is there now, in L0 or RECOVERY. */
  public Optional<LinkSession> session() {
    return Optional.ofNullable(session);
  }

  /** What was counted outside of sessions, and in those that are over. */
  public LinkCounters counters() {
    return counters;
  }

  /** How the paths are, by number. */
  public List<PathStatus> paths() {
    return Arrays.stream(paths).map(Path::status).toList();
  }

  /**
   * One more path to the appliance, used at once.
   *
   * @return its number; empty when there are {@link FrameFormat#RAILS_MAX} already
   */
  public OptionalInt addPath(Dialer dialer, long nowNs) {
    for (int number = 0; number < FrameFormat.RAILS_MAX; number++) {
      if (find(number) == null) {
        add(new Path(number, dialer, this, nowNs));
        tell(new LinkEvent.PathAdded(number, dialer.describe()));
        review(nowNs);
        return OptionalInt.of(number);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Uses a path no more. A session that has no other waits for one, for its hold time.
   *
   * @return whether there was one of this number
   */
  public boolean removePath(int number, long nowNs) {
    Path path = find(number);
    if (path == null) {
      return false;
    }
    List<Path> left = new ArrayList<>(List.of(paths));
    left.remove(path);
    paths = left.toArray(Path[]::new);
    SessionRail rail = path.rail();
    path.end("removed");
    tell(new LinkEvent.PathRemoved(number, path.dialer.describe()));
    if (rail != null && session != null) {
      session.dropRail(rail, "removed", nowNs);
    }
    review(nowNs);
    return true;
  }

  /**
   * Asks for a function.
   *
   * @param functionName as the appliance exports it
   * @param epoch the assignment's number if the owner manages them, or 0
   * @param credits what this end grants for what the function sends
   * @param in where its TLPs go; nothing is called before {@code onAttached}
   */
  public void attach(
      String functionName, long epoch, Credits credits, TlpIn in, AttachListener answer) {
    Words.name(functionName);
    if (session == null) {
      String text = "no session with " + whom();
      later.add(() -> answer.onRefused(AttachRefusal.NO_SESSION, "", text));
    } else if (!requester.attach(functionName, epoch, credits, in, answer)) {
      String text = "too many questions at a time";
      later.add(() -> answer.onRefused(AttachRefusal.NO_RESOURCES, "", text));
    }
  }

  private String whom() {
    return paths.length == 0 ? "anybody" : paths[0].dialer.describe();
  }

  /** Says goodbye: the session and its streams go down, and no other one is begun. */
  public void close(String cause, long nowNs) {
    running = false;
    if (session != null) {
      session.close(cause, nowNs);
    }
    for (Path path : paths) {
      path.end(cause);
    }
  }

  // Paths.

  private void add(Path path) {
    Path[] more = Arrays.copyOf(paths, paths.length + 1);
    more[paths.length] = path;
    Arrays.sort(more, (a, b) -> Integer.compare(a.number, b.number));
    paths = more;
  }

  private Path find(int number) {
    for (Path path : paths) {
      if (path.number == number) {
        return path;
      }
    }
    return null;
  }

  /** Whether paths take turns: until there is a session, or while it uses one rail at a time. */
  private boolean takesTurns() {
    return session == null || !session.terms().rails();
  }

  /** Something has changed: who dials, who rests, whose turn is it? */
  void review(long nowNs) {
    if (!running) {
      return;
    }
    for (Path path : paths) {
      if (wants(path)) {
        path.seek(nowNs);
      } else {
        path.rest("not needed now");
      }
    }
    letSpeak(nowNs);
  }

  private boolean wants(Path path) {
    if (session == null) {
      return true;
    }
    if (session.terms().rails()) {
      return !path.isWell();
    }
    for (Path each : paths) {
      if (each.isWell()) {
        return false;
      }
    }
    return true;
  }

  private void letSpeak(long nowNs) {
    Path[] all = paths;
    for (int i = 1; i <= all.length; i++) {
      Path path = all[takesTurns() ? (lastSpeaker + i) % all.length : i - 1];
      Path speaker = takesTurns() ? speaker() : null;
      if (path.isReady() && speaker == null) {
        lastSpeaker = path.number;
        path.sayHello(nowNs);
      } else if (path.isReady()) {
        speaker.othersWait();
      }
    }
  }

  /** The path that waits for an answer to HELLO; null if none does. */
  private Path speaker() {
    for (Path path : paths) {
      if (path.isShakingHands()) {
        return path;
      }
    }
    return null;
  }

  // What paths need.

  LinkTimers timers() {
    return config.timers();
  }

  Handshake handshake() {
    return handshake;
  }

  void tell(LinkEvent event) {
    listener.onEvent(event);
  }

  /** At least half of a time: ends that lost each other together must not dial in step. */
  long randomPart(long ns) {
    return ns / 2 + random.nextLong(ns / 2 + 1);
  }

  /** A rail must take frames of so many bytes to be of use now. */
  int frameBytesLeast() {
    return session == null ? FrameFormat.FRAME_BYTES_LEAST : session.terms().frameBytesMax();
  }

  /**
   * Why who is at the other end of a rail is not to be believed, or is somebody else than looked
   * for; empty if all is well.
   *
   * @param nodeName what it says that it is; empty if it has not spoken
   */
  String stranger(Rail rail, String nodeName) {
    if (!wanted.isEmpty() && !nodeName.isEmpty() && !wanted.equals(nodeName)) {
      return "leads to '%s', looked for was '%s'".formatted(nodeName, wanted);
    }
    return rail.protection().contradicts(nodeName);
  }

  String tooSmall(int railBytes) {
    return session != null
        ? session.terms().tooSmall(railBytes)
        : "it takes frames of %d bytes, at least %d are needed: make the path's MTU larger"
            .formatted(railBytes, FrameFormat.FRAME_BYTES_LEAST);
  }

  /** What is said over a rail: a new session's frames must fit into those of all paths. */
  Hello hello(Path path, int railFrameBytesMax) {
    if (session != null) {
      SessionTerms terms = session.terms();
      return Hello.of(config, railFrameBytesMax, path.number, terms.tokenHigh(), terms.tokenLow());
    }
    int bytes = railFrameBytesMax;
    for (Path each : paths) {
      int least = Math.max(FrameFormat.FRAME_BYTES_LEAST, each.dialer.frameBytesMax());
      bytes = Math.min(bytes, least);
    }
    return Hello.of(config, bytes, path.number, 0, 0);
  }

  /** The appliance has agreed to a new session. */
  void begin(Hello ours, Hello welcome, int id, long nowNs) {
    SessionTerms terms =
        SessionTerms.of(true, config, ours, welcome, welcome.tokenHigh(), welcome.tokenLow());
    session = new LinkSession(id, terms, owner, listener, nowNs);
    requester = new AttachRequester(session, config.nodeName());
    session.control(requester);
  }

  /** A path has given its rail to the session. */
  void onJoined(Path joined, long nowNs) {
    if (takesTurns()) {
      for (Path path : paths) {
        if (path != joined && path.rail() != null) {
          path.replaced(nowNs);
        }
      }
      if (session.counters().railsLost == 0 && paths.length > 1) {
        tell(new LinkEvent.SparePaths(session, paths.length - 1));
      }
    }
    review(nowNs);
  }

  /** What happens to the session changes what its paths do next. */
  private final class SessionOwner implements LinkSession.Owner {
    @Override
    public void onRailLost(LinkSession lost, SessionRail rail, String cause, long nowNs) {
      Path path = find(rail.number);
      if (path != null && path.rail() == rail) {
        path.lost(cause, nowNs);
      }
      review(nowNs);
    }

    @Override
    public void onRailSilent(LinkSession session, SessionRail rail, long nowNs) {
      Path path = find(rail.number);
      if (path != null && path.rail() == rail) {
        path.silent(nowNs);
        review(nowNs);
      }
    }

    @Override
    public void onDown(LinkSession down, String cause, long nowNs) {
      counters.add(down.counters());
      session = null;
      requester = null;
      if (running) {
        for (Path path : paths) {
          path.sessionDown(cause, nowNs);
        }
        review(nowNs);
      }
    }
  }

  // Turns and time.

  @Override
  public void flush(long nowNs) {
    while (!later.isEmpty()) {
      later.remove().run();
    }
    if (session != null) {
      session.flush(nowNs);
    }
  }

  @Override
  public long deadlineNs() {
    long deadline = session == null ? Long.MAX_VALUE : session.deadlineNs();
    for (Path path : paths) {
      deadline = Math.min(deadline, path.deadlineNs());
    }
    return deadline;
  }

  @Override
  public void onTimer(long nowNs) {
    if (session != null) {
      session.onTimer(nowNs);
    }
    for (Path path : paths) {
      path.onTimer(nowNs);
    }
    flush(nowNs);
  }
}
