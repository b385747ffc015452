package farslot.bench;

import farslot.bench.figures.Figure;
import farslot.bench.files.FileBench;
import farslot.bench.hops.Breakdown;
import farslot.bench.hops.HopBench;
import farslot.bench.many.ManyBench;
import farslot.bench.path.BenchCase;
import farslot.bench.path.Comparison;
import farslot.bench.path.Result;
import farslot.bench.peers.PeerBench;
import farslot.bench.peers.Tools;
import farslot.bench.rails.RailBench;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Measures the whole path against bare TCP on the same machine in the same run: an appliance with a
 * drive in memory and a software root complex, on a thread each, over loopback. Measured runs and
 * runs of the floor alternate, so that what the machine does besides hits both. Ratios are what
 * counts; absolute figures drift with the machine.
 */
public final class Bench {
  private final Options options;
  private final Consumer<String> progress;

  /**
   * What to measure.
   *
   * @param seconds for each case, half of it for its floor
   * @param only keys or parts of them; empty for all
   * @param spinUs as in the programs' configurations
   * @param peers whether to compare with what users would pick instead, where to look for it
   */
  public record Options(double seconds, List<String> only, int spinUs, Optional<Tools> peers) {}

  /**
   * @param progress told what is being done
   */
  public Bench(Options options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /** Runs everything that was asked for. */
  public Report run() throws Exception {
    if (keys().noneMatch(this::wanted)) {
      throw new IllegalArgumentException(
          "no case has a key with " + options.only() + "; there are " + keys().toList());
    }
    Machine machine = Machine.now();
    List<BenchCase> cases = Stream.of(BenchCase.values()).filter(this::wanted).toList();
    List<Result> results =
        cases.isEmpty()
            ? List.of()
            : new Comparison(options.seconds(), options.spinUs(), progress).run(cases);
    List<Breakdown> breakdowns = hops(cases);
    List<Figure> figures = new ArrayList<>(Headlines.of(results));
    ManyBench many = new ManyBench(options.seconds(), options.spinUs(), progress);
    figures.addAll(many.run(this::wanted));
    FileBench files = new FileBench(options.seconds(), options.spinUs(), progress);
    figures.addAll(files.run(this::wanted, !options.only().isEmpty()));
    RailBench rails = new RailBench(options.seconds(), options.spinUs(), progress);
    figures.addAll(rails.run(this::wanted));
    if (options.peers().isPresent()) {
      Tools tools = options.peers().get();
      figures.addAll(
          new PeerBench(options.seconds(), options.spinUs(), tools, progress).run(this::wanted));
    }
    return new Report(machine, results, breakdowns, figures);
  }

  private List<Breakdown> hops(List<BenchCase> cases) throws Exception {
    List<BenchCase> lone = cases.stream().filter(BenchCase::latency).toList();
    List<Breakdown> breakdowns = new ArrayList<>();
    if (!lone.isEmpty()) {
      progress.accept("hop by hop");
      hops(lone, Map.of(), "", breakdowns);
    }
    List<BenchCase> guided = lone.stream().filter(BenchCase::drive).toList();
    if (!guided.isEmpty()) {
      hops(guided, Comparison.PLAIN, ", no guides", breakdowns);
    }
    return breakdowns;
  }

  private void hops(
      List<BenchCase> cases, Map<String, Object> initiator, String words, List<Breakdown> into)
      throws Exception {
    try (HopBench hops = new HopBench(options.spinUs(), initiator, options.seconds())) {
      for (BenchCase each : cases) {
        into.add(hops.look(each.words() + words, each));
      }
    }
  }

  private boolean wanted(BenchCase of) {
    return wanted(of.key()) || Headlines.about(of).stream().anyMatch(this::wanted);
  }

  private boolean wanted(String key) {
    return options.only().isEmpty() || options.only().stream().anyMatch(key::contains);
  }

  private Stream<String> keys() {
    Stream<String> path =
        Stream.of(BenchCase.values())
            .flatMap(each -> Stream.concat(Stream.of(each.key()), Headlines.about(each).stream()));
    List<String> peers = options.peers().isPresent() ? PeerBench.keys() : List.of();
    return Stream.of(
            path,
            peers.stream(),
            ManyBench.keys().stream(),
            FileBench.keys().stream(),
            RailBench.keys().stream())
        .flatMap(each -> each)
        .distinct();
  }
}
