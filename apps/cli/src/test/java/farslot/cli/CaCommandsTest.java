package farslot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.api.ApiCommand;
import farslot.cli.output.ExitCode;
import farslot.control.ControlServer;
import farslot.manager.http.HostOptions;
import farslot.manager.http.ManagerHost;
import farslot.pki.Csr;
import farslot.pki.Pem;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Joining a fabric, and saying who may do what, by commands, against a manager in this process. */
@Timeout(300)
class CaCommandsTest {
  @TempDir private Path dir;
  private final PrintStream realOut = System.out;
  private final PrintStream realErr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private ManagerHost host;
  private ControlServer control;
  private String address;
  private String socket;

  @BeforeEach
  void begin() throws Exception {
    host =
        ManagerHost.open(
            HostOptions.of(
                dir.resolve("state"),
                "lab",
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
            List.of());
    Path path = dir.resolve("control.sock");
    control = new ControlServer(path, Map.of(ApiCommand.NAME, new ApiCommand(host.api())));
    socket = path.toString();
    address = "127.0.0.1:" + host.address().orElseThrow().getPort();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void end() throws Exception {
    System.setOut(realOut);
    System.setErr(realErr);
    control.close();
    host.close();
  }

  private int run(String... args) {
    out.reset();
    err.reset();
    return Main.run(args);
  }

  /** As the owner of the manager's process. */
  private String local(String... args) {
    String[] all = java.util.Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--manager";
    all[args.length + 1] = socket;
    assertThat(run(all)).as(() -> String.join(" ", args) + ": " + err).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** A client's configuration, as join writes it for a person. */
  private String client(String pki) throws Exception {
    Path file = dir.resolve(pki + ".yaml");
    Files.writeString(file, "manager: " + address + "\npki: " + dir.resolve(pki) + "\n");
    return file.toString();
  }

  @Test
  void anInitiatorJoinsAndIsThrownOut() throws Exception {
    String token = local("ca", "token", "--kind", "initiator", "--name", "hv1").strip();
    assertThat(said()).contains("join once", "farslot join");
    String pki = dir.resolve("hv1").toString();
    assertThat(run("join", address, token, "--pki", pki)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("manager: " + address + "\npki: " + pki + "\n");
    assertThat(said()).contains("initiator/hv1 is a member of fabric 'lab'");
    assertThat(run("join", address, token, "--pki", pki)).isEqualTo(ExitCode.CONFLICT);
    assertThat(run("join", address, token, "--pki", pki, "--force")).isEqualTo(ExitCode.FAILED);
    assertThat(said()).contains("works once", "next: make another");
    assertThat(run("ca", "renew", "--manager", address, "--pki", pki)).isZero();
    assertThat(local("ca", "list")).contains("initiator/hv1", "renewed", "manager/manager");
    assertThat(local("ca", "tokens")).contains("used").doesNotContain(token.split(":")[4]);
    local("ca", "revoke", "initiator/hv1", "-y");
    assertThat(said()).contains("shut out; 2 certificates");
    assertThat(run("ca", "renew", "--manager", address, "--pki", pki)).isEqualTo(ExitCode.FAILED);
    assertThat(said()).contains("was revoked", "next:");
    assertThat(local("audit")).contains("POST /api/v1/join", "DELETE /api/v1/members");
  }

  @Test
  void aUsersRoleHolds() throws Exception {
    String token =
        local("ca", "token", "--kind", "user", "--name", "ann", "--role", "viewer").strip();
    // Not by 'farslot join', which would write into the home of whoever runs this test.
    farslot.api.client.Joining.join(
        farslot.api.client.ManagerAddress.of(address),
        farslot.pki.JoinToken.of(token),
        new farslot.pki.PkiDirectory(dir.resolve("ann")),
        List.of(),
        java.time.InstantSource.system());
    String ann = client("ann");
    assertThat(run("list", "--manager", ann)).as(this::said).isZero();
    assertThat(run("ca", "list", "--manager", ann)).isEqualTo(ExitCode.FAILED);
    assertThat(said()).contains("'ann' has the role viewer, and this needs admin");
    local("ca", "role", "ann", "--role", "admin");
    assertThat(run("ca", "list", "--manager", ann)).isZero();
    assertThat(run("ca", "show", "--manager", ann)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("FINGERPRINT", "yes");
    local("ca", "role", "ann", "--tenant", "acme");
    assertThat(run("audit", "--manager", ann)).isEqualTo(ExitCode.FAILED);
    assertThat(said()).contains("of the tenant 'acme'");
    assertThat(local("get", "users")).contains("ann", "acme");
  }

  @Test
  void aRequestIsSignedByHandAndTheAuthorityReplaced() throws Exception {
    Path csr = dir.resolve("x.csr");
    Files.writeString(csr, Csr.make(Pem.newKey(), "x"));
    assertThat(local("ca", "sign", csr.toString(), "--kind", "initiator", "--name", "hv2"))
        .startsWith("-----BEGIN CERTIFICATE-----");
    Files.writeString(csr, "rubbish");
    assertThat(
            run("ca", "sign", csr.toString(), "--kind", "user", "--name", "u", "--manager", socket))
        .isEqualTo(ExitCode.USAGE);
    assertThat(said()).contains("openssl req");
    assertThat(
            run("ca", "sign", dir + "/none", "--kind", "user", "--name", "u", "--manager", socket))
        .isEqualTo(ExitCode.NOT_FOUND);
    local("ca", "rotate");
    assertThat(said()).contains("signs nothing yet");
    local("ca", "rotate");
    assertThat(run("ca", "rotate", "--manager", socket)).isEqualTo(ExitCode.CONFLICT);
    assertThat(said()).contains("initiator/hv2", "--force");
    local("ca", "rotate", "--force");
    assertThat(said()).contains("trusted no more");
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    assertThat(run("join", address, "fsj1:nonsense")).isEqualTo(ExitCode.USAGE);
    assertThat(said()).contains("this is no join token", "why:", "next:");
    assertThat(run("join", "a:b:c:1", "x")).isEqualTo(ExitCode.USAGE);
    assertThat(
            run(
                "ca",
                "token",
                "--kind",
                "user",
                "--name",
                "a",
                "--expires",
                "soon",
                "--manager",
                socket))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("ca", "token", "--kind", "user", "--name", "ann", "--manager", socket))
        .isEqualTo(ExitCode.USAGE);
    assertThat(said()).contains("a user needs a role");
    assertThat(run("ca", "token", "--kind", "root", "--name", "ann", "--manager", socket))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("ca", "revoke", "user/nobody", "--manager", socket))
        .isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run("list", "--manager", client("none"))).isEqualTo(ExitCode.FAILED);
    assertThat(said()).contains("there is no certificate to show", "farslot join");
    assertThat(run("ca")).isEqualTo(ExitCode.USAGE);
    String state = dir.resolve("fresh").toString();
    assertThat(run("ca", "init", "--state-dir", state, "--fabric", "f")).isZero();
    assertThat(run("ca", "init", "--state-dir", state)).isEqualTo(ExitCode.CONFLICT);
    assertThat(run("ca", "init", "--state-dir", state + "2", "--fabric", "a b"))
        .isEqualTo(ExitCode.USAGE);
  }
}
