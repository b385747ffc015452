package farslot.link;

/** One stream's part in the {@link Shaping} of its session: its rates, and what it has waited. */
final class StreamShaper {
  /** Who has waited for tokens is called when it can send for so long. */
  private static final long WORTH_NS = 200_000;

  private final LinkStream stream;
  private final TokenBucket committed = new TokenBucket();
  private final TokenBucket peak = new TokenBucket();
  private final RateMeter sent = new RateMeter();
  private final RateMeter received = new RateMeter();
  private Qos qos = Qos.NONE;
  private boolean waits;
  private boolean inTurns;
  private boolean timed;
  private boolean owes;
  private long waitsSinceNs;
  private long dueNs;
  private long delayedBytes;
  private long delayedNs;

  StreamShaper(LinkStream stream) {
    this.stream = stream;
  }

  Qos qos() {
    return qos;
  }

  void set(Qos qos, long nowNs) {
    this.qos = qos;
    long committedRate = qos.committedBytesPerSecond();
    long peakRate = qos.peakBytesPerSecond();
    committed.set(committedRate, qos.burstBytes(committedRate), nowNs);
    peak.set(peakRate, qos.burstBytes(peakRate), nowNs);
  }

  /** Whether the peak rate lets it send. */
  boolean belowPeak(long nowNs) {
    peak.refill(nowNs);
    return !peak.limits() || peak.open();
  }

  /** Whether what it sends next is committed to it. */
  boolean isCommitted(long nowNs) {
    committed.refill(nowNs);
    return committed.limits() && committed.open();
  }

  /** When time alone lets it send again; never, if it takes turns only. */
  long worthNs(boolean belowPeak) {
    if (!belowPeak) {
      return peak.worthNs(WORTH_NS);
    }
    return committed.limits() ? committed.worthNs(WORTH_NS) : Long.MAX_VALUE;
  }

  /** Has sent so much. */
  void sent(int wireBytes, long nowNs) {
    if (committed.limits() && committed.open()) {
      committed.take(wireBytes);
    }
    if (peak.limits()) {
      peak.take(wireBytes);
    }
    sent.add(wireBytes, nowNs);
  }

  /** Whether it has taken tokens that are not settled yet. */
  boolean owes() {
    return owes;
  }

  void owes(boolean is) {
    owes = is;
  }

  /** It is {@code nowNs} in earnest: what it has sent was sent by then. */
  void settle(long nowNs) {
    committed.refill(nowNs);
    committed.settle();
    peak.refill(nowNs);
    peak.settle();
  }

  void received(int wireBytes, long nowNs) {
    received.add(wireBytes, nowNs);
  }

  // Waiting.

  void refused(int wireBytes, long nowNs) {
    if (!waits) {
      waits = true;
      waitsSinceNs = nowNs;
      delayedBytes += wireBytes;
    }
  }

  /** Calls whoever was refused, who may be refused again. */
  void call(long nowNs) {
    if (waits) {
      waits = false;
      delayedNs += Math.max(0, nowNs - waitsSinceNs);
      stream.turnCame();
    }
  }

  /** Whether it was refused and not called since. */
  boolean waits() {
    return waits;
  }

  /** Whether it stands in the queue of its class. */
  boolean inTurns() {
    return inTurns;
  }

  void inTurns(boolean is) {
    inTurns = is;
  }

  /** Whether it waits for a time. */
  boolean timed() {
    return timed;
  }

  void timed(boolean is, long dueNs) {
    timed = is;
    this.dueNs = dueNs;
  }

  long dueNs() {
    return dueNs;
  }

  QosStatus status(long nowNs) {
    long waitedNs = delayedNs + (waits ? Math.max(0, nowNs - waitsSinceNs) : 0);
    return new QosStatus(
        qos, sent.bytesPerSecond(nowNs), received.bytesPerSecond(nowNs), delayedBytes, waitedNs);
  }
}
