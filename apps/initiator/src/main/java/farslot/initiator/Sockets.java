package farslot.initiator;

import farslot.fabric.LocalFunction;
import farslot.function.Agent;
import farslot.linux.EventLoop;
import farslot.vfiouser.VfioUserOptions;
import farslot.vfiouser.VfioUserServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** Fronts for hypervisors: a vfio-user socket {@code <run-dir>/<function>.sock} each. */
public final class Sockets implements Initiator.FrontsOnLoop {
  private final Path runDir;
  private final BiConsumer<String, Path> offered;

  /**
   * @param runDir where the sockets are; must exist
   * @param offered told the name and socket of each function that can be used
   */
  public Sockets(Path runDir, BiConsumer<String, Path> offered) {
    this.runDir = runDir.toAbsolutePath();
    this.offered = offered;
  }

  @Override
  public Front.Factory on(EventLoop loop, Agent agent) {
    return (function, wanted) -> open(loop, function, wanted);
  }

  private Front open(EventLoop loop, LocalFunction function, InitiatorConfig.Function wanted)
      throws IOException {
    Path socket = runDir.resolve(wanted.name() + ".sock");
    VfioUserOptions options = VfioUserOptions.defaults().withMsix(wanted.msix());
    VfioUserServer server = new VfioUserServer(loop, function, socket, options);
    offered.accept(wanted.name(), socket);
    return server::close;
  }
}
