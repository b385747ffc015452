package farslot.function;

import farslot.function.state.StateException;
import farslot.function.state.StateReader;
import farslot.function.state.StateWriter;

/**
 * A function whose state can be taken out while it is quiet, and put into a fresh one of the same
 * configuration, in this appliance or in another: its server notices nothing but the time. For
 * cards that can; what the endpoint itself holds (configuration space, MSI-X table, pending bits,
 * INTx's level, AER) is {@link farslot.function.endpoint.FunctionEndpoint}'s to save, and what is
 * behind the card (a disk's content, a wire) stays where it is.
 *
 * <p>The order of calls: {@link #pause}, turns of the agent until {@link #isQuiet}, then {@link
 * #save}; after that {@link #resume} or the end. On a fresh one: {@link #plug}, a reset, {@link
 * #pause}, {@link #restore}, {@link #resume}. A reset may come at any time and makes of it what it
 * makes of any function; the endpoint then calls {@link #resume}, so {@link #reset} need not.
 *
 * <p>Timers go as what is left of them, never as points in time: agents have clocks of their own.
 */
public interface SavableFunction extends PciFunction {
  /**
   * Begins no new work, as VFIO's STOP: no ring is looked at, no frame is taken from a wire, no
   * timer leads to DMA or interrupts. What is under way ends as ever, DMA, back end and completion
   * included; what could wait for ever (for a partner, for an event) must be saved instead.
   * Registers go on answering. Software has been stopped, too; if it does write a doorbell, that is
   * remembered and followed after {@link #resume}.
   */
  void pause();

  /**
   * Whether nothing is under way any more: no {@code done} of DMA or of a back end will come, and
   * nothing waits to be sent or signalled. Only asked while paused, and remains true until then.
   */
  boolean isQuiet();

  /** Ends {@link #pause}: goes on with all that was noted meanwhile, or found in the state. */
  void resume();

  /** Writes the state of a quiet function, in parts of its own; changes nothing. */
  void save(StateWriter state);

  /**
   * Takes over a state, after a reset and a {@link #pause}. Configuration space, the MSI-X table
   * and INTx's level are as they were already, and so is what {@link #busMaster} has been told. No
   * DMA and no message before {@link #resume}. Everything that is read is checked as a guest's
   * words are: an index beyond its ring must be refused here, not found by an assertion later.
   *
   * @throws StateException what is wrong; the function will be reset, so it may be left half done
   */
  void restore(StateReader state) throws StateException;
}
