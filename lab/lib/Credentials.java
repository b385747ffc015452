import farslot.pki.Authority;
import farslot.pki.PeerName;
import farslot.pki.PkiDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Makes credentials for a scenario, as 'farslot join' does with a manager: DIRECTORY, then KIND/NAME
 * for each that is to have some, in DIRECTORY/NAME. With "again" behind them waits for a line on
 * standard input and replaces them all by others of the same authority.
 */
class Credentials {
  private static final Authority AUTHORITY = Authority.create("lab", Instant.now());

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    boolean again = arguments[arguments.length - 1].equals("again");
    List<String> who = List.of(arguments).subList(1, arguments.length - (again ? 1 : 0));
    write(directory, who);
    System.out.println("made");
    if (again && System.in.read() >= 0) {
      write(directory, who);
      System.out.println("renewed");
    }
  }

  private static void write(Path directory, List<String> who) throws Exception {
    for (String each : who) {
      PeerName name = PeerName.of("farslot:lab/" + each).orElseThrow();
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      var certificate =
          AUTHORITY.issue(
              keys.getPublic(), name.kind(), name.name(), List.of(), Duration.ofHours(1), Instant.now());
      PkiDirectory to = new PkiDirectory(Files.createDirectories(directory.resolve(name.name())));
      to.writeTrust(List.of(AUTHORITY.certificate()), List.of());
      to.writeIdentity(keys.getPrivate(), List.of(certificate));
    }
  }
}
