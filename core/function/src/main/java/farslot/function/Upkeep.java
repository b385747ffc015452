package farslot.function;

import java.util.Map;

/**
 * What an appliance asks of a function beside what servers do with it: what it is to those who
 * choose one, and to be made ready for the next owner. A kind of card says here what it can do; one
 * that says nothing keeps nothing of itself to be told, and is never taken for erased.
 *
 * <p>Every call comes on the slot's agent thread; {@link #capacityBytes} and {@link #identity} also
 * before the function is plugged.
 */
public interface Upkeep {
  /** Identity: the address that a network card's driver finds, {@code 02:00:5e:10:00:01}. */
  String MAC = "mac";

  /** Identity: the serial number that a drive's driver finds. */
  String SERIAL = "serial";

  /** What has to be done before another server gets the function. */
  enum Sanitise {
    /** The identity is the configuration's again, and all that servers have set is forgotten. */
    IDENTITY,
    /** That, and all data that servers could write is destroyed. */
    FORMAT
  }

  /** Where the end of {@link #sanitise} is told, once, on the agent thread. */
  interface Sanitised {
    /**
     * It is over.
     *
     * @param problem empty when it has been done, and lasts; otherwise why it has not
     */
    void done(String problem);
  }

  /** What a drive holds, bytes; 0 for what is none. */
  default long capacityBytes() {
    return 0;
  }

  /** By what servers know it from others of its kind, such as {@link #MAC}. */
  default Map<String, String> identity() {
    return Map.of();
  }

  /**
   * Gives it another identity; what is not named is the configuration's again. Only while no server
   * has it: drivers look once.
   *
   * @return empty, or what cannot be, in words; then it is as before
   */
  default String identify(Map<String, String> wanted) {
    return wanted.isEmpty() ? "" : "this kind of card has no identity that could be given to it";
  }

  /**
   * Makes it ready for another server. Only while none has it, and none gets it before the end.
   * Once at a time.
   */
  default void sanitise(Sanitise how, Sanitised end) {
    String problem = identify(Map.of());
    if (problem.isEmpty() && how == Sanitise.FORMAT && !forgetsWhenReset()) {
      problem =
          "this kind of card does not say what it keeps, so its data cannot be destroyed here";
    }
    end.done(problem);
  }

  /** Whether nothing that a server wrote outlives a reset. */
  default boolean forgetsWhenReset() {
    return false;
  }

  /** Pieces of work that it has done for servers since it was plugged: I/Os, frames. */
  default long operations() {
    return 0;
  }
}
