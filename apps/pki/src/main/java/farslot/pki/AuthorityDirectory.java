package farslot.pki;

import farslot.pki.PkiException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a fabric's authority is kept: {@code NUMBER/ca.pem} and {@code NUMBER/key.pem}, and a file
 * {@code signer} with the number that signs. Every number that is there is trusted. One authority
 * takes over from another in three steps, none of which cuts anybody off:
 *
 * <pre>
 *   STABLE --prepare--> PREPARED   the next one is trusted, and told to everybody; the first signs
 *          --switch-->  SWITCHED   the next one signs; everybody renews
 *          --finish-->  STABLE     the first one is trusted no more
 * </pre>
 */
public final class AuthorityDirectory {
  /** How far one authority has taken over from another. */
  public enum Stage {
    STABLE,
    PREPARED,
    SWITCHED
  }

  private static final String SIGNER = "signer";
  private static final String INIT = "begin one: 'farslot ca init', or let 'farslot up' do it";

  private final Path dir;

  public AuthorityDirectory(Path dir) {
    this.dir = dir;
  }

  public Path path() {
    return dir;
  }

  public boolean exists() {
    return Files.exists(dir.resolve(SIGNER));
  }

  /**
   * Begins a fabric's authority.
   *
   * @throws PkiException if there is one
   */
  public Authority begin(String fabric, Instant now) throws PkiException {
    if (exists()) {
      throw new PkiException(
          Reason.KEY,
          dir + " has an authority already",
          "another one would cut off everybody who trusts it",
          "use it, or replace it step by step: 'farslot ca rotate'");
    }
    Authority first = Authority.create(fabric, now);
    put(1, first);
    Files600.replace(dir.resolve(SIGNER), "1\n", false);
    return first;
  }

  /** The one that signs. */
  public Authority signer() throws PkiException {
    return load(signerNumber());
  }

  /** All that are trusted, the one that signs first. */
  public List<X509Certificate> trusted() throws PkiException {
    int signer = signerNumber();
    List<X509Certificate> all = new ArrayList<>();
    all.add(load(signer).certificate());
    for (int number : numbers()) {
      if (number != signer) {
        all.add(load(number).certificate());
      }
    }
    return List.copyOf(all);
  }

  public Stage stage() throws PkiException {
    List<Integer> numbers = numbers();
    if (numbers.size() < 2) {
      return Stage.STABLE;
    }
    return numbers.getLast() == signerNumber() ? Stage.SWITCHED : Stage.PREPARED;
  }

  /** Makes the next authority; it is trusted, and does not sign yet. */
  public void prepare(Instant now) throws PkiException {
    require(Stage.STABLE);
    put(numbers().getLast() + 1, Authority.create(signer().fabric(), now));
  }

  /** The next authority signs from now on. */
  public void switchOver() throws PkiException {
    require(Stage.PREPARED);
    Files600.replace(dir.resolve(SIGNER), numbers().getLast() + "\n", false);
  }

  /** What the former authority signed counts no more. */
  public void finish() throws PkiException {
    require(Stage.SWITCHED);
    for (int number : numbers()) {
      if (number != signerNumber()) {
        delete(number);
      }
    }
  }

  private void require(Stage stage) throws PkiException {
    if (stage() != stage) {
      throw new PkiException(
          Reason.KEY,
          "this step of the roll-over is not the next one",
          "the authority is " + stage().name().toLowerCase(java.util.Locale.ROOT),
          "see 'farslot ca show'");
    }
  }

  private int signerNumber() throws PkiException {
    String text = Files600.read(dir.resolve(SIGNER), false, INIT).strip();
    if (!text.matches("[1-9]\\d{0,5}")) {
      throw new PkiException(
          Reason.MALFORMED,
          dir.resolve(SIGNER) + " cannot be used",
          "'" + Words.safe(text) + "' is no number",
          "write the number of the directory whose authority signs");
    }
    return Integer.parseInt(text);
  }

  private List<Integer> numbers() throws PkiException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.map(each -> each.getFileName().toString())
          .filter(each -> each.matches("[1-9]\\d{0,5}"))
          .map(Integer::valueOf)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new PkiException(
          Reason.HOST,
          dir + " cannot be read",
          String.valueOf(e),
          "give this process the right to it",
          e);
    }
  }

  private Authority load(int number) throws PkiException {
    Path at = dir.resolve(Integer.toString(number));
    String file = at.resolve("ca.pem").toString();
    X509Certificate certificate =
        Pem.certificates(file, Files600.read(at.resolve("ca.pem"), false, INIT), 1).getFirst();
    PrivateKey key =
        Pem.key(at.resolve("key.pem").toString(), Files600.read(at.resolve("key.pem"), true, INIT));
    if (!PkiDirectory.belong(key, certificate.getPublicKey())) {
      throw new PkiException(
          Reason.KEY,
          at.resolve("key.pem") + " does not belong to " + file,
          "what the one signs, the other does not confirm",
          "restore both from one backup");
    }
    return new Authority(fabric(file, certificate), certificate, key);
  }

  private static String fabric(String file, X509Certificate certificate) throws PkiException {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> each : names == null ? List.<List<?>>of() : names) {
        String uri = String.valueOf(each.get(1));
        if (uri.matches(PeerName.SCHEME + PeerName.NAME)) {
          return uri.substring(PeerName.SCHEME.length());
        }
      }
    } catch (CertificateParsingException e) {
      // As if there were none.
    }
    throw new PkiException(
        Reason.NO_NAME,
        file + " is no authority of a fabric",
        "it has no subject alternative name 'URI:farslot:FABRIC'",
        "begin one by 'farslot ca init --fabric NAME'");
  }

  /** Under another name until it is complete. */
  private void put(int number, Authority authority) throws PkiException {
    Path at = dir.resolve(Integer.toString(number));
    Path next = Files600.next(at);
    Files600.directory(dir);
    Files600.directory(next);
    Files600.write(next.resolve("key.pem"), Pem.write(authority.key()), true);
    Files600.write(next.resolve("ca.pem"), Pem.write(List.of(authority.certificate())), false);
    Files600.rename(next, at);
  }

  private void delete(int number) throws PkiException {
    Path at = dir.resolve(Integer.toString(number));
    Path gone = at.resolveSibling(number + ".gone");
    Files600.rename(at, gone);
    try (Stream<Path> files = Files.walk(gone)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new PkiException(
          Reason.HOST, gone + " cannot be deleted", String.valueOf(e), "delete it by hand", e);
    }
  }
}
