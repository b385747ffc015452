package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.cli.output.Question;
import farslot.cli.output.Terminal;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Whether a person is asked before something is taken from somebody. */
public final class YesOption {
  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  /** Whether there is somebody to ask, who has not answered already. */
  boolean asks() {
    Terminal terminal = Terminal.current();
    return !yes && terminal.in() && terminal.err();
  }

  /**
   * Refuses to go on if a person says no, or if there is nobody to ask.
   *
   * @param otherwise what does not happen then: {@code nothing is deleted}
   * @param hint what might be said besides {@code -y}; empty for nothing
   */
  void require(String question, String otherwise, String hint) throws ApiException, IOException {
    if (!yes && !asks()) {
      throw FabricCommand.refused(
          ApiError.BAD_REQUEST,
          otherwise,
          "somebody should agree to that, and there is no terminal to ask at",
          "say -y as well" + hint);
    }
    ask(question, otherwise);
  }

  /** As {@link #require}, but a script that says it means it. */
  void ask(String question, String otherwise) throws ApiException, IOException {
    if (asks() && !Question.ask(System.err, System.in, question)) {
      throw FabricCommand.refused(ApiError.FAILED, otherwise, "nobody agreed", "");
    }
  }
}
