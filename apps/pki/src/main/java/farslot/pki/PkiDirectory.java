package farslot.pki;

import farslot.pki.PkiException.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a process's key and certificates are: made by {@code farslot join}, or put there from
 * another authority.
 *
 * <pre>
 *   key.pem    the private key, PKCS#8, readable by its owner alone
 *   cert.pem   the certificate, then those that connect it to an authority
 *   ca.pem     the authorities that are trusted
 *   denied     serial numbers that were revoked, in hex, a line each; need not be there
 *   told       what of this the manager has told last; need not be there
 * </pre>
 *
 * <p>Files may be replaced while the process runs: {@link Tls} sees it. A new key and its
 * certificate are written so that a crash between them is put right by the next {@link #load}.
 */
public final class PkiDirectory {
  private static final String JOIN = "run 'farslot join', or put your own certificates there";

  private final Path dir;

  public PkiDirectory(Path dir) {
    this.dir = dir;
  }

  public Path path() {
    return dir;
  }

  private Path authorities() {
    return dir.resolve("ca.pem");
  }

  private Path certificate() {
    return dir.resolve("cert.pem");
  }

  private Path key() {
    return dir.resolve("key.pem");
  }

  private Path denied() {
    return dir.resolve("denied");
  }

  private Path toldFile() {
    return dir.resolve("told");
  }

  /** Whether there is anything of an identity; it need not be usable. */
  public boolean exists() {
    return Files.exists(certificate()) || Files.exists(key());
  }

  /**
   * Reads everything. Nothing is said about time: an expired certificate is read as well.
   *
   * @throws PkiException naming the file and what is wrong with it
   */
  public TlsIdentity load() throws PkiException {
    PrivateKey key = Pem.key(key().toString(), Files600.read(key(), true, JOIN));
    List<X509Certificate> chain = read(certificate(), Limits.CHAIN_MAX);
    if (!belong(key, chain.getFirst().getPublicKey())) {
      chain = finishReplacement(key);
    }
    List<X509Certificate> authorities = trusted();
    return new TlsIdentity(PeerName.of(chain.getFirst()), key, chain, authorities, deniedSerials());
  }

  /** The authorities that are trusted. */
  public List<X509Certificate> trusted() throws PkiException {
    return read(authorities(), Limits.AUTHORITIES_MAX);
  }

  private static List<X509Certificate> read(Path file, int max) throws PkiException {
    return Pem.certificates(file.toString(), Files600.read(file, false, JOIN), max);
  }

  /** A crash came after the new key had its name, and before the new certificate had. */
  private List<X509Certificate> finishReplacement(PrivateKey key) throws PkiException {
    Path next = Files600.next(certificate());
    if (Files.exists(next)) {
      List<X509Certificate> chain = read(next, Limits.CHAIN_MAX);
      if (belong(key, chain.getFirst().getPublicKey())) {
        Files600.rename(next, certificate());
        return chain;
      }
    }
    throw new PkiException(
        Reason.KEY,
        key() + " does not belong to " + certificate(),
        "what the one signs, the other does not confirm",
        "put the key and the certificate of one pair there, or run 'farslot join' again");
  }

  /** Whether a private key belongs to a public one. */
  static boolean belong(PrivateKey secret, PublicKey open) {
    String algorithm =
        switch (secret.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> secret.getAlgorithm();
        };
    byte[] challenge = new byte[32];
    new SecureRandom().nextBytes(challenge);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(challenge);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(challenge);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // Another kind of key, or a damaged one.
    }
  }

  private Set<String> deniedSerials() throws PkiException {
    Set<String> all = new TreeSet<>();
    if (!Files.exists(denied())) {
      return all;
    }
    for (String line : Files600.read(denied(), false, JOIN).split("\n")) {
      String serial = line.replaceFirst("#.*", "").strip();
      if (serial.isEmpty()) {
        continue;
      }
      if (!serial.matches("[0-9a-fA-F]{1,40}")) {
        throw new PkiException(
            Reason.MALFORMED,
            denied() + " cannot be used",
            "'" + Words.safe(serial) + "' is no serial number in hex",
            "take the line out, or delete the file: the manager sends it again");
      }
      all.add(Words.serial(new BigInteger(serial, 16)));
    }
    return all;
  }

  /**
   * Takes on a new key and its certificate.
   *
   * @param chain the key's first
   */
  public void writeIdentity(PrivateKey key, List<X509Certificate> chain) throws PkiException {
    Files600.directory(dir);
    Path nextKey = Files600.next(key());
    Path nextCertificate = Files600.next(certificate());
    Files600.write(nextKey, Pem.write(key), true);
    Files600.write(nextCertificate, Pem.write(chain), false);
    Files600.rename(nextKey, key());
    Files600.rename(nextCertificate, certificate());
  }

  /** Trusts these from now on, and nobody with one of these serial numbers. */
  public void writeTrust(List<X509Certificate> authorities, Collection<String> denied)
      throws PkiException {
    Files600.directory(dir);
    StringBuilder lines = new StringBuilder("# serial numbers that were revoked; the manager's\n");
    new TreeSet<>(denied).forEach(serial -> lines.append(serial).append('\n'));
    // Denied first: nobody who is denied gets in between the two.
    Files600.replace(denied(), lines.toString(), false);
    Files600.replace(authorities(), Pem.write(authorities), false);
  }

  /** Remembers which answer of a manager is in these files, and who signs there. */
  public void writeTold(String id, String signer) throws PkiException {
    Files600.replace(toldFile(), id + " " + signer + "\n", false);
  }

  /** The {@code id} that was told last; "" if nothing was. */
  public String told() {
    return told(0);
  }

  /** The fingerprint of the authority that signs, as it was told last; "" if nothing was. */
  public String toldSigner() {
    return told(1);
  }

  private String told(int word) {
    try {
      String[] words = Files600.read(toldFile(), false, JOIN).strip().split(" ");
      return words.length > word ? words[word] : "";
    } catch (PkiException e) {
      return ""; // Then it is asked for anew.
    }
  }

  /** That files can be written here. */
  public void requireWritable() throws PkiException {
    Files600.directory(dir);
    Path probe = dir.resolve("probe.next");
    Files600.write(probe, "", true);
    Files600.delete(probe);
  }

  /** Changes when a file does. */
  List<Object> stamp() {
    List<Object> stamp = new ArrayList<>();
    for (Path file : List.of(key(), certificate(), authorities(), denied())) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        stamp.add(List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey())));
      } catch (IOException e) {
        stamp.add("none");
      }
    }
    return stamp;
  }

  @Override
  public String toString() {
    return dir.toString();
  }
}
