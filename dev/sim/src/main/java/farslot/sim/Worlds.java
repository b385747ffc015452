package farslot.sim;

import java.util.List;
import java.util.Optional;

/**
 * Worlds of one kind, one a seed.
 *
 * @param <S> what is done to one: a step
 */
public interface Worlds<S> {
  /**
   * How a world ended.
   *
   * @param hash of everything that happened
   * @param events that were handled
   * @param lines the trace, if it was asked for
   */
  record End(Optional<Violation> violation, long hash, long events, List<String> lines) {
    /** Whether a rule was broken. */
    public boolean failed() {
      return violation.isPresent();
    }
  }

  /** A seed's plan. */
  List<S> steps(long seed);

  /** A step's number in its plan. */
  int index(S step);

  /**
   * Lets these steps of a seed's plan happen.
   *
   * @param spoken whether to keep a trace
   */
  End run(long seed, List<S> steps, boolean spoken);

  /** With a blank before it, what the command line says to have these; empty for nothing. */
  String option();
}
