package farslot.bench.path;

/** Results of runs that never were. */
public final class Results {
  private Results() {}

  /** Reads at depth 1, at somewhat more than raw TCP's time. */
  public static Result sample() {
    Result result = new Result(BenchCase.NVME_READ_QD1);
    for (int i = 1; i <= 1000; i++) {
      result.path().round.recordValue(20_000L + i * i);
      result.floor().round.recordValue(10_000L + i * i);
    }
    result.path().roundEnds(new Sample(1000, 1_000_000_000, 1_000_000));
    result.floorEnds(new Sample(1000, 1_000_000_000, 1_000_000));
    return result;
  }
}
