package farslot.api.client;

import farslot.api.ApiException;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.pki.Csr;
import farslot.pki.PeerName;
import farslot.pki.Pem;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.pki.Renewal;
import farslot.pki.Tls;
import farslot.pki.TlsIdentity;
import farslot.pki.Words;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the files of who speaks with a manager fresh: takes on whom to trust and whom to deny when
 * an answer says that this has changed, and renews its own certificate at two thirds of its time.
 * Nothing of it interrupts anything: {@link Tls} uses the new files from the next handshake on.
 */
final class TrustKeeper {
  /** A way to the manager that leaves this keeper alone. */
  interface Asking {
    ApiResponse ask(String method, String path, JsonNode body) throws IOException;
  }

  private static final Logger LOG = System.getLogger("farslot.api");
  private static final long AGAIN_NS = Duration.ofMinutes(1).toNanos();
  private static final int SAN_DNS = 2;
  private static final int SAN_ADDRESS = 7;

  private final Tls tls;
  private final InstantSource clock;
  private final Asking asking;
  private final ReentrantLock busy = new ReentrantLock();
  private String known;
  private boolean looked;
  private boolean asked;
  private long lookedNs;

  TrustKeeper(Tls tls, InstantSource clock, Asking asking) {
    this.tls = tls;
    this.clock = clock;
    this.asking = asking;
    known = tls.directory().told();
  }

  /**
   * After an answer; does nothing in nearly all cases, and never fails.
   *
   * @param told what the answer says of whom to trust; "" if nothing
   */
  void after(String told) {
    if (told.isEmpty() || !busy.tryLock()) {
      return;
    }
    try {
      long nowNs = System.nanoTime();
      if (looked && nowNs - lookedNs < AGAIN_NS && told.equals(known)) {
        return;
      }
      boolean failedJustNow = looked && !told.equals(known) && nowNs - lookedNs < AGAIN_NS / 20;
      if (failedJustNow) {
        return;
      }
      looked = true;
      lookedNs = nowNs;
      look(told);
    } catch (ApiException | PkiException | IOException | RuntimeException e) {
      LOG.log(
          level(Level.WARNING),
          "the certificates in {0} could not be brought up to date, this is tried again: {1}",
          tls.directory(),
          e.getMessage());
    } finally {
      busy.unlock();
    }
  }

  private void look(String told) throws ApiException, PkiException, IOException {
    if (!told.equals(known)) {
      take(asked("GET", "/api/v1/pki/trust", MissingNode.getInstance()));
    }
    TlsIdentity ours = tls.identity();
    Optional<X509Certificate> signer =
        ours.authorities().stream()
            .filter(each -> Words.fingerprint(each).equals(tls.directory().toldSigner()))
            .findFirst();
    if (signer.isPresent() && Renewal.due(ours.certificate(), signer.get(), clock.instant())) {
      renew(ours);
    }
  }

  private JsonNode asked(String method, String path, JsonNode body)
      throws ApiException, IOException {
    ApiResponse response = asking.ask(method, path, body);
    if (response.isError()) {
      throw ApiException.of(response);
    }
    return response.body();
  }

  private void take(JsonNode trust) throws PkiException {
    PkiDirectory directory = tls.directory();
    take(directory, trust);
    known = directory.told();
    tls.reload();
    LOG.log(level(Level.INFO), "{0}: whom to trust has been brought up to date", directory);
  }

  /** Writes what a manager says of whom to trust. */
  static void take(PkiDirectory directory, JsonNode trust) throws PkiException {
    String pem = trust.path("authorities").asString("");
    Set<String> denied = new TreeSet<>();
    trust.path("denied").forEach(each -> denied.add(each.asString()));
    List<X509Certificate> authorities =
        pem.isEmpty() ? directory.trusted() : Pem.certificates("the manager's answer", pem, 16);
    directory.writeTrust(authorities, denied);
    directory.writeTold(trust.path("id").asString(""), trust.path("signer").asString(""));
  }

  /** Takes on whom to trust, and renews, without asking whether it is time. */
  void renewNow() throws ApiException, PkiException, IOException {
    busy.lock();
    try {
      asked = true;
      take(asked("GET", "/api/v1/pki/trust", MissingNode.getInstance()));
      renew(tls.identity());
    } finally {
      busy.unlock();
    }
  }

  private void renew(TlsIdentity ours) throws ApiException, PkiException, IOException {
    KeyPair key = Pem.newKey();
    ObjectNode body = Json.object().put("csr", Csr.make(key, ours.name().name()));
    hosts(ours.certificate()).forEach(body.putArray("hosts")::add);
    JsonNode answer = asked("POST", "/api/v1/pki/renew", body);
    List<X509Certificate> chain =
        Pem.certificates("the manager's answer", answer.path("certificate").asString(""), 6);
    tls.directory().writeIdentity(key.getPrivate(), chain);
    tls.reload();
    LOG.log(
        level(Level.INFO),
        "{0} has a new certificate, until {1}",
        ours.name(),
        chain.getFirst().getNotAfter().toInstant());
  }

  /** A person's command says for itself what he should know. */
  private Level level(Level ofMachines) {
    boolean quiet = asked || tls.identity().name().kind() == PeerName.Kind.USER;
    return quiet ? Level.DEBUG : ofMachines;
  }

  private static List<String> hosts(X509Certificate certificate) {
    List<String> hosts = new ArrayList<>();
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      for (List<?> each : names == null ? List.<List<?>>of() : names) {
        if (each.getFirst() instanceof Integer type && (type == SAN_DNS || type == SAN_ADDRESS)) {
          hosts.add(String.valueOf(each.get(1)));
        }
      }
    } catch (CertificateParsingException e) {
      // Ours was read before; without hosts it serves as well.
    }
    return hosts;
  }
}
