package farslot.pki;

import farslot.pki.PeerName.Kind;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** An authority, and directories of those that it has signed. */
final class Fabric {
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  final Authority authority;
  final Path dir;

  Fabric(String name, Path dir) {
    authority = Authority.create(name, NOW);
    this.dir = dir;
  }

  PkiDirectory member(Kind kind, String name) throws PkiException {
    return member(kind, name, NOW);
  }

  PkiDirectory member(Kind kind, String name, Instant at) throws PkiException {
    PkiDirectory directory = new PkiDirectory(dir.resolve(kind.word() + "-" + name));
    KeyPair key = Pem.newKey();
    directory.writeTrust(List.of(authority.certificate()), Set.of());
    directory.writeIdentity(key.getPrivate(), List.of(issue(key, kind, name, at)));
    return directory;
  }

  X509Certificate issue(KeyPair key, Kind kind, String name, Instant at) throws PkiException {
    return authority.issue(
        key.getPublic(), kind, name, List.of("127.0.0.1"), Duration.ofDays(90), at);
  }
}
