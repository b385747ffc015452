package farslot.initiator;

import farslot.fabric.LocalFunction;
import farslot.function.Agent;
import farslot.linux.EventLoop;
import farslot.vfiouser.VfioUserOptions;
import farslot.vfiouser.VfioUserServer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Fronts for hypervisors: a vfio-user socket {@code <run-dir>/<function>.sock} each, and the same
 * function for SPDK, which is given the directory {@code <run-dir>/<function>} and looks for {@code
 * cntrl} in it. One client at a time, whichever way it comes.
 */
public final class Sockets implements Initiator.FrontsOnLoop {
  private static final Logger LOG = System.getLogger("farslot.initiator");

  private final Path runDir;
  private final BiConsumer<String, Path> offered;
  private final BiConsumer<String, Boolean> clients;

  /**
   * @param runDir where the sockets are; must exist
   * @param offered told the name and socket of each function that can be used
   */
  public Sockets(Path runDir, BiConsumer<String, Path> offered) {
    this(runDir, offered, (name, connected) -> {});
  }

  /**
   * The same, with somebody who is told when a hypervisor has connected to a function, or gone.
   *
   * @param clients told on the data thread
   */
  public Sockets(
      Path runDir, BiConsumer<String, Path> offered, BiConsumer<String, Boolean> clients) {
    this.runDir = runDir.toAbsolutePath();
    this.offered = offered;
    this.clients = clients;
  }

  @Override
  public Front.Factory on(EventLoop loop, Agent agent) {
    return (function, wanted) -> open(loop, function, wanted);
  }

  private Front open(EventLoop loop, LocalFunction function, InitiatorConfig.Function wanted)
      throws IOException {
    Path socket = runDir.resolve(wanted.name() + ".sock");
    VfioUserOptions options = VfioUserOptions.defaults().withMsix(wanted.msix());
    Path directory = runDir.resolve(wanted.name());
    List<Path> paths = List.of(socket, directory.resolve("cntrl"));
    Files.createDirectories(socket.getParent()); // One a level deeper for each appliance.
    VfioUserServer server = new VfioUserServer(loop, function, paths, options);
    server.clients(connected -> clients.accept(wanted.name(), connected));
    offered.accept(wanted.name(), socket);
    return new Offer(server, directory);
  }

  private record Offer(VfioUserServer server, Path directory) implements Front {
    @Override
    public void close() {
      server.close();
      remove(directory);
    }

    @Override
    public void retire() {
      server.retire();
      remove(directory);
    }
  }

  private static void remove(Path directory) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      LOG.log(Level.INFO, "{0} stays: {1}", directory, e.getMessage());
    }
  }
}
