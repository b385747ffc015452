package farslot.sim;

import java.util.Optional;

/**
 * Who is told when a rule is broken. Keeps the first: what comes after it may follow from it. Does
 * not throw, because what is under test catches what its callbacks throw.
 */
public final class Judge {
  private final Trace trace;
  private Violation first;

  public Judge(Trace trace) {
    this.trace = trace;
  }

  public boolean hasFailed() {
    return first != null;
  }

  public Optional<Violation> violation() {
    return Optional.ofNullable(first);
  }

  /** Says that {@code rule} is broken unless {@code holds}; the arguments are for people. */
  public boolean require(boolean holds, Rule rule, String format, Object... arguments) {
    if (!holds) {
      fail(rule, format.formatted(arguments));
    }
    return holds;
  }

  public void fail(Rule rule, String text) {
    if (first == null) {
      first = new Violation(rule, trace.nowNs(), text);
      trace.say("judge", "BROKEN " + first);
    }
  }

  public void thrown(Throwable e) {
    StringBuilder words = new StringBuilder(e.toString());
    for (StackTraceElement frame : e.getStackTrace()) {
      words.append("\n    at ").append(frame);
    }
    fail(Rule.NO_EXCEPTION, words.toString());
  }
}
