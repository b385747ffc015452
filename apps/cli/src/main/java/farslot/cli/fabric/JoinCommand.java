package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.client.Joining;
import farslot.api.client.ManagerAddress;
import farslot.cli.output.ExitCode;
import farslot.pki.JoinToken;
import farslot.pki.PeerName;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes this machine, or this person, a member of a fabric. */
@Command(
    name = "join",
    description = {
      "Join a fabric, with a token that its admin has made by 'farslot ca token'.",
      "A key is made here and stays here; the manager signs for it. Before the token's secret is sent, "
          + "the manager has to show a certificate by the authority that the token names."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot join manager.lab TOKEN            # a person: farslot list asks that manager from now on",
      "  ssh rack1 farslot ca token --kind initiator --name hv1 | farslot join manager.lab -",
      "  farslot join manager.lab TOKEN --pki /etc/farslot/pki --host rack1.lab    # an appliance"
    })
public final class JoinCommand implements Callable<Integer> {
  private static final int TOKEN_BYTES_MAX = 4096;

  @Parameters(index = "0", paramLabel = "MANAGER", description = "HOST or HOST:PORT (7590).")
  private String manager;

  @Parameters(
      index = "1",
      paramLabel = "TOKEN",
      description =
          "As 'farslot ca token' printed it; - reads it from standard input, where no list of processes shows it.")
  private String token;

  @Option(
      names = "--pki",
      paramLabel = "DIR",
      description =
          "Where key and certificates go. Default: ~/.config/farslot/pki for a person; for an appliance or "
              + "initiator /etc/farslot/pki as root, else ~/.config/farslot/KIND.")
  private Path pki;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "A name or address at which this appliance is reached. May be there several times.")
  private List<String> hosts = List.of();

  @Option(
      names = {"-f", "--force"},
      description = "Replace the key and certificate that are there.")
  private boolean force;

  @Override
  public Integer call() throws ApiException, IOException {
    ManagerAddress address = Certified.address(manager);
    try {
      JoinToken read = JoinToken.of(token.equals("-") ? fromInput() : token);
      Path dir = pki == null ? directory(read.kind()) : pki;
      PkiDirectory directory = new PkiDirectory(dir);
      if (directory.exists() && !force) {
        throw new ApiException(
            ApiError.CONFLICT,
            "nothing is asked of " + address,
            dir + " has a key or certificate already",
            "give another directory by --pki, or replace what is there by --force");
      }
      PeerName name = Joining.join(address, read, directory, hosts, InstantSource.system());
      FabricCommand.say("%s is a member of fabric '%s'", name, name.fabric());
      tellOn(name, address, dir.toAbsolutePath());
      return ExitCode.OK;
    } catch (PkiException e) {
      throw Certified.refused(e);
    }
  }

  private static String fromInput() throws IOException {
    byte[] input = System.in.readNBytes(TOKEN_BYTES_MAX);
    return new String(input, StandardCharsets.UTF_8).strip();
  }

  private static Path directory(PeerName.Kind kind) {
    Path own = ManagerFinder.here().configuration();
    if (kind == PeerName.Kind.USER) {
      return own.resolve("pki");
    }
    return ManagerFinder.here().isRoot() ? Path.of("/etc/farslot/pki") : own.resolve(kind.word());
  }

  private void tellOn(PeerName name, ManagerAddress address, Path dir) throws IOException {
    String settings = "manager: " + address + "\n";
    if (name.kind() == PeerName.Kind.USER) {
      Path file = ManagerFinder.here().clientFile();
      Files.createDirectories(file.getParent());
      Path next = file.resolveSibling("client.yaml.next");
      Files.writeString(next, "# Written by 'farslot join'.\n" + settings + "pki: " + dir + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      FabricCommand.say("commands ask %s from now on (%s)", address, file);
    } else {
      FabricCommand.say("put this into its configuration:");
      System.out.print(settings + "pki: " + dir + "\n");
    }
  }
}
