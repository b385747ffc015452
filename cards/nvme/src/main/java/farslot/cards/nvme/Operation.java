package farslot.cards.nvme;

/**
 * What a command does, as steps. One object serves all commands of its kind; what belongs to one
 * command is in {@link Command}.
 */
interface Operation {
  /**
   * The next step, by {@link Command#phase}: called when the command begins (phase 0) and whenever
   * everything that it waited for has come and none of it failed. It either starts something,
   * changes the phase, or completes the command.
   */
  void advance(Command c);

  /** The command has gone, completed or abandoned. */
  default void released(Command c) {}
}
