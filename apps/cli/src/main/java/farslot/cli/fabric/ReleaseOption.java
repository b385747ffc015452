package farslot.cli.fabric;

import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** How a function is taken from whoever has it. */
public final class ReleaseOption {
  @Option(
      names = {"-f", "--force"},
      description = "Do not ask who has it.")
  private boolean force;

  @Option(
      names = "--let-go",
      paramLabel = "TIME",
      description = "How long the guest has to let go; it keeps it then (default 30s).")
  private String letGo;

  @Option(
      names = "--sanitise",
      paramLabel = "HOW",
      description = "What is done before somebody else gets it: none, format or identity.")
  private String sanitise;

  /** Whether nobody is asked. */
  boolean forced() {
    return force;
  }

  /** Adds it to a request. */
  void put(ObjectNode body) {
    body.put("force", force);
    if (letGo != null) {
      body.put("timeout", letGo);
    }
    if (sanitise != null) {
      body.put("sanitise", sanitise);
    }
  }
}
