package farslot.bench.rails;

import farslot.pki.Authority;
import farslot.pki.PeerName;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What an appliance and an initiator of one fabric show each other, each in a folder.
 *
 * @param appliance the appliance's folder
 * @param initiator the initiator's folder
 */
record Credentials(Path appliance, Path initiator) {
  private static final Duration LIFETIME = Duration.ofHours(1);

  /** New ones, below a folder. */
  static Credentials in(Path dir) throws IOException, GeneralSecurityException {
    Authority authority = Authority.create("bench", Instant.now());
    Credentials made = new Credentials(dir.resolve("pki-appliance"), dir.resolve("pki-initiator"));
    identity(authority, PeerName.Kind.APPLIANCE, made.appliance);
    identity(authority, PeerName.Kind.INITIATOR, made.initiator);
    return made;
  }

  private static void identity(Authority authority, PeerName.Kind kind, Path to)
      throws IOException, GeneralSecurityException {
    KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    PkiDirectory directory = new PkiDirectory(Files.createDirectories(to));
    try {
      directory.writeTrust(List.of(authority.certificate()), List.of());
      directory.writeIdentity(
          keys.getPrivate(),
          List.of(
              authority.issue(
                  keys.getPublic(), kind, RailKind.APPLIANCE, List.of(), LIFETIME, Instant.now())));
    } catch (PkiException e) {
      throw new IOException(e);
    }
  }
}
