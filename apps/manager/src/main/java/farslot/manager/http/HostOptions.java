package farslot.manager.http;

import farslot.manager.engine.ManagerOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * How a {@link ManagerHost} is set up.
 *
 * @param dir where everything is kept
 * @param fabric what a new authority is for
 * @param name of the manager, in its certificate
 * @param listen where, over HTTPS; empty for the control socket alone
 * @param hosts names and addresses at which it is reached, for programs that go by them
 */
public record HostOptions(
    Path dir,
    String fabric,
    String name,
    Optional<InetSocketAddress> listen,
    List<String> hosts,
    ManagerOptions manager,
    InstantSource clock) {
  /** With the usual name and clock. */
  public static HostOptions of(Path dir, String fabric, Optional<InetSocketAddress> listen) {
    return new HostOptions(
        dir,
        fabric,
        "manager",
        listen,
        List.of("localhost", "127.0.0.1", "::1"),
        ManagerOptions.DEFAULT,
        InstantSource.system());
  }
}
