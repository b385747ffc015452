package farslot.bench.rails;

import com.sun.management.OperatingSystemMXBean;
import farslot.bench.figures.Figure;
import farslot.bench.figures.Figure.Goal;
import farslot.bench.figures.Measurement;
import farslot.bench.figures.Rounded;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * What protection costs: the same session over one rail by TLS 1.3 and over plain TCP, or sealed
 * and over plain Ethernet, in turn. Both ends are in this process, so its processor time is that of
 * both. What the JDK's part of it is, is measured besides.
 */
final class Protection implements Measurement {
  private static final int MTU = 9000;

  /** A register's request or completion; a command and its doorbell. */
  private static final int SMALL_BYTES = 64;

  private static final int COMMAND_BYTES = 256;

  /** Of a frame with 4 KiB of data. */
  private static final int HEADER_BYTES = 128;

  private static final int BLOCK_BYTES = 4096;

  /** What a session does, and what is told of it. */
  private enum Case {
    REGISTER("register_read", "register reads a second", new Stream.Load(false, BLOCK_BYTES, 1)),
    QD1("read_4k_qd1", "4 KiB reads a second at depth 1", new Stream.Load(false, BLOCK_BYTES, 1)),
    QD128(
        "read_4k_qd128",
        "4 KiB reads a second at depth 128",
        new Stream.Load(false, BLOCK_BYTES, 128)),
    FROM_DRIVE(
        "stream_read", "bytes a second read, 128 KiB each", new Stream.Load(false, 128 << 10, 8)),
    TO_DRIVE(
        "stream_write",
        "bytes a second written, 128 KiB each",
        new Stream.Load(true, 128 << 10, 8));

    private final String key;
    private final String words;
    private final Stream.Load load;

    Case(String key, String words, Stream.Load load) {
      this.key = key;
      this.words = words;
      this.load = load;
    }

    /** Reads are counted by fours of KiB, streams by bytes. */
    int unitBytes() {
      return this == QD1 || this == QD128 ? BLOCK_BYTES : 1;
    }

    /** What sealing and opening takes for one of them, as few messages as can be; nanoseconds. */
    double floorNs(CipherFloor floor) throws GeneralSecurityException, SSLException {
      double byteNs = floor.ns(floor.bytesMax()) / floor.bytesMax();
      return switch (this) {
        case REGISTER -> 2 * floor.ns(SMALL_BYTES);
        case QD1 -> floor.ns(COMMAND_BYTES) + floor.ns(BLOCK_BYTES + HEADER_BYTES);
        case QD128 -> (BLOCK_BYTES + HEADER_BYTES) * byteNs;
        case FROM_DRIVE, TO_DRIVE -> byteNs;
      };
    }
  }

  /** One round of one configuration. */
  private record Pace(double aSecond, double cpuNsEach) {}

  /** What a case gave. */
  private record Rounds(
      Rounded ratio, Rounded cost, Rounded pace, Rounded addedNs, Rounded overFloor) {
    Rounds() {
      this(new Rounded(), new Rounded(), new Rounded(), new Rounded(), new Rounded());
    }

    void add(Pace without, Pace with) {
      ratio.add(with.aSecond / without.aSecond);
      cost.add(with.cpuNsEach / without.cpuNsEach);
      pace.add(with.aSecond);
      addedNs.add(with.cpuNsEach - without.cpuNsEach);
    }

    /** What sealing and opening takes by itself is known, too. */
    void floor(double ns) {
      addedNs.values().forEach(added -> overFloor.add(added / ns));
    }
  }

  private final RailKind kind;
  private final List<Rounds> rounds = new ArrayList<>();

  Protection(RailKind kind) {
    this.kind = kind;
    for (int i = 0; i < Case.values().length; i++) {
      rounds.add(new Rounds());
    }
  }

  @Override
  public List<Figure> asked() {
    List<Figure> all = new ArrayList<>();
    boolean tcp = kind == RailKind.TCP;
    String by = tcp ? "TLS 1.3 over plain TCP: " : "AES-256-GCM over plain Ethernet: ";
    String floor = tcp ? "SSLEngine alone: " : "the cipher alone: ";
    for (Case each : Case.values()) {
      String key = "protected_" + kind.word() + "_" + each.key;
      Rounds of = rounds.get(each.ordinal());
      all.add(figure(key, by + each.words, of.ratio));
      all.add(figure(key + "_cpu", by + "processor time for each of them", of.cost));
      all.add(
          figure(
              key + "_over_cipher",
              "what of that was added, over " + floor + "ratio",
              of.overFloor));
      all.add(figure(key + "_s", "protected: " + each.words, of.pace));
    }
    return all;
  }

  private static Figure figure(String key, String words, Rounded rounds) {
    return new Figure(key, words, rounds, Goal.NONE, "");
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    Path dir = Files.createTempDirectory("farslot-credentials");
    try {
      Credentials credentials = Credentials.in(dir);
      CipherFloor floor = kind == RailKind.TCP ? new TlsFloor(credentials) : new GcmFloor();
      for (Case each : Case.values()) {
        try (RailRig rig = new RailRig(Cables.Plan.direct(1).withMtu(MTU), setup.spinUs());
            RailSession clear = rig.open(kind, List.of(0), each.load);
            RailSession sealed = rig.openProtected(kind, each.load, credentials)) {
          clear.pause();
          sealed.pause();
          measure(each, setup, clear, sealed);
        }
        // Not before: the JDK's part has been compiled by now.
        rounds.get(each.ordinal()).floor(each.floorNs(floor));
      }
    } finally {
      delete(dir);
    }
    return asked();
  }

  private void measure(Case each, Setup setup, RailSession clear, RailSession sealed)
      throws Exception {
    Warmth warmth = new Warmth();
    while (!warmth.reached()) {
      double cost = pace(each, clear, Warmth.ROUND_NS).cpuNsEach;
      warmth.round(cost + pace(each, sealed, Warmth.ROUND_NS).cpuNsEach);
    }
    for (int round = 0; round < Setup.ROUNDS; round++) {
      Pace without = pace(each, clear, setup.windowNs());
      rounds.get(each.ordinal()).add(without, pace(each, sealed, setup.windowNs()));
    }
  }

  private static Pace pace(Case each, RailSession session, long forNs) throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    if (each == Case.REGISTER) {
      long cpuNs = system.getProcessCpuTime();
      double reads = session.registerReads(forNs);
      cpuNs = system.getProcessCpuTime() - cpuNs;
      return new Pace(reads * 1e9 / forNs, cpuNs / reads);
    }
    session.proceed();
    Thread.sleep(Setup.SETTLE_NS / 1_000_000);
    long cpuNs = system.getProcessCpuTime();
    Stream.Progress before = session.progress();
    Thread.sleep(forNs / 1_000_000);
    Stream.Progress after = session.progress();
    cpuNs = system.getProcessCpuTime() - cpuNs;
    session.pause();
    double done = (after.bytes() - before.bytes()) / (double) each.unitBytes();
    return new Pace(done * 1e9 / (after.atNs() - before.atNs()), cpuNs / done);
  }

  private static void delete(Path dir) throws IOException {
    try (var files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
