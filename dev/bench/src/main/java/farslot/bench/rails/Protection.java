package farslot.bench.rails;

import com.sun.management.OperatingSystemMXBean;
import farslot.bench.Figure;
import farslot.bench.Figure.Goal;
import farslot.bench.Measurement;
import farslot.bench.Rounded;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * What protection costs: the same session over one rail by TLS 1.3 and over plain TCP, or sealed
 * and over plain Ethernet, in turn. Both ends are in this process, so its processor time is that of
 * both.
 */
final class Protection implements Measurement {
  private static final int MTU = 9000;

  /** What a session does, and what is told of it. */
  private enum Case {
    REGISTER("register_read", "register reads a second", new Stream.Load(false, 4096, 1)),
    QD1("read_4k_qd1", "4 KiB reads a second at depth 1", new Stream.Load(false, 4096, 1)),
    QD128("read_4k_qd128", "4 KiB reads a second at depth 128", new Stream.Load(false, 4096, 128)),
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
  }

  /** One round of one configuration. */
  private record Pace(double aSecond, double cpuNsEach) {}

  private final RailKind kind;
  private final List<Rounded> ratios = new ArrayList<>();
  private final List<Rounded> costs = new ArrayList<>();
  private final List<Rounded> paces = new ArrayList<>();

  Protection(RailKind kind) {
    this.kind = kind;
    for (int i = 0; i < Case.values().length; i++) {
      ratios.add(new Rounded());
      costs.add(new Rounded());
      paces.add(new Rounded());
    }
  }

  @Override
  public List<Figure> asked() {
    List<Figure> all = new ArrayList<>();
    String by = kind == RailKind.TCP ? "TLS 1.3 over plain TCP" : "AES-256-GCM over plain Ethernet";
    for (Case each : Case.values()) {
      String key = "protected_" + kind.word() + "_" + each.key;
      int i = each.ordinal();
      all.add(new Figure(key, by + ": " + each.words, ratios.get(i), Goal.NONE, ""));
      all.add(
          new Figure(
              key + "_cpu", by + ": processor time for each of them", costs.get(i), Goal.NONE, ""));
      all.add(new Figure(key + "_s", "protected: " + each.words, paces.get(i), Goal.NONE, ""));
    }
    return all;
  }

  @Override
  public List<Figure> run(Setup setup) throws Exception {
    for (Case each : Case.values()) {
      try (RailRig rig = new RailRig(Cables.Plan.direct(1).withMtu(MTU), setup.spinUs())) {
        measure(each, setup, rig);
      }
    }
    return asked();
  }

  private void measure(Case each, Setup setup, RailRig rig) throws Exception {
    try (RailSession clear = rig.open(kind, List.of(0), each.load);
        RailSession sealed = rig.openProtected(kind, each.load)) {
      clear.pause();
      sealed.pause();
      for (int round = -1; round < Setup.ROUNDS; round++) {
        Pace without = pace(each, clear, setup);
        Pace with = pace(each, sealed, setup);
        if (round >= 0) {
          ratios.get(each.ordinal()).add(with.aSecond / without.aSecond);
          costs.get(each.ordinal()).add(with.cpuNsEach / without.cpuNsEach);
          paces.get(each.ordinal()).add(with.aSecond);
        }
      }
    }
  }

  private static Pace pace(Case each, RailSession session, Setup setup) throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long forNs = setup.windowNs();
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
    double done = (after.bytes() - before.bytes()) / (double) unit(each);
    return new Pace(done * 1e9 / (after.atNs() - before.atNs()), cpuNs / done);
  }

  /** Reads are counted by fours of KiB, streams by bytes. */
  private static int unit(Case each) {
    return each == Case.QD1 || each == Case.QD128 ? 4096 : 1;
  }
}
