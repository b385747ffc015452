package farslot.api.client;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.ApiResponse;
import farslot.api.Json;
import farslot.pki.Csr;
import farslot.pki.JoinToken;
import farslot.pki.PeerName;
import farslot.pki.Pem;
import farslot.pki.PkiDirectory;
import farslot.pki.PkiException;
import farslot.pki.Tls;
import farslot.pki.TlsIdentity;
import farslot.pki.Words;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Comes into a fabric by a token: makes a key, which never leaves this machine, and has the manager
 * sign for it. The token's secret is sent only to who has shown a manager's certificate by the
 * authority that the token names.
 */
public final class Joining {
  /** Certificates of an answer: the new one, and those above it. */
  private static final int CHAIN_MAX = 6;

  private Joining() {}

  /**
   * Joins.
   *
   * @param hosts names and addresses at which this machine is reached, if it is an appliance
   * @return who we are from now on
   * @throws ApiException if the manager, or what it shows, says no; nothing has been written
   * @throws PkiException if the directory cannot be written, or has an identity already
   * @throws IOException if the manager cannot be reached
   */
  public static PeerName join(
      ManagerAddress manager,
      JoinToken token,
      PkiDirectory directory,
      List<String> hosts,
      InstantSource clock)
      throws ApiException, PkiException, IOException {
    // A token works once: whether the files can be written is found out before it is used.
    directory.requireWritable();
    KeyPair key = Pem.newKey();
    JsonNode answer = ask(manager, token, key, hosts, clock);
    List<X509Certificate> chain =
        Pem.certificates(
            "the manager's answer", answer.path("certificate").asString(""), CHAIN_MAX);
    PeerName name = requireOurs(chain.getFirst(), token, key);
    TrustKeeper.take(directory, answer.path("trust"));
    requirePinned(directory, token);
    directory.writeIdentity(key.getPrivate(), chain);
    return name;
  }

  private static JsonNode ask(
      ManagerAddress manager, JoinToken token, KeyPair key, List<String> hosts, InstantSource clock)
      throws ApiException, PkiException, IOException {
    ObjectNode body =
        Json.object()
            .put("kind", token.kind().word())
            .put("name", token.name())
            .put("secret", token.secret())
            .put("csr", Csr.make(key, token.name()));
    hosts.forEach(body.putArray("hosts")::add);
    try (HttpsTransport transport = HttpsTransport.joining(manager, token.fingerprint(), clock)) {
      ApiResponse response = transport.call("POST", "/api/v1/join", Map.of(), body);
      if (response.isError()) {
        throw ApiException.of(response);
      }
      return response.body();
    }
  }

  private static PeerName requireOurs(X509Certificate signed, JoinToken token, KeyPair key)
      throws ApiException, PkiException {
    PeerName name = PeerName.of(signed);
    boolean ours =
        name.kind() == token.kind()
            && name.name().equals(token.name())
            && signed.getPublicKey().equals(key.getPublic());
    if (!ours) {
      throw new ApiException(
          ApiError.FAILED,
          "the manager has signed for somebody else",
          "the token is for "
              + token.kind().word()
              + "/"
              + token.name()
              + ", the answer for "
              + name,
          "make another token, and tell who runs the manager");
    }
    return name;
  }

  private static void requirePinned(PkiDirectory directory, JoinToken token)
      throws ApiException, PkiException {
    boolean pinned =
        directory.trusted().stream()
            .anyMatch(each -> Words.fingerprint(each).equals(token.fingerprint()));
    if (!pinned) {
      throw new ApiException(
          ApiError.FAILED,
          "the manager says to trust others than the token",
          "the token's authority is not among those that it names",
          "make another token: the authority has been replaced meanwhile");
    }
  }

  /**
   * Renews a certificate now, with a new key, whatever time it has left.
   *
   * @return who we are from now on
   * @throws ApiException if the manager says no; nothing has been written
   * @throws PkiException if the directory cannot be used
   * @throws IOException if the manager cannot be reached
   */
  public static TlsIdentity renew(
      ManagerAddress manager, PkiDirectory directory, InstantSource clock)
      throws ApiException, PkiException, IOException {
    Tls tls = Tls.open(directory, Set.of(PeerName.Kind.MANAGER), clock);
    try (HttpsTransport transport = new HttpsTransport(manager, tls, clock)) {
      transport.keeper().renewNow();
      return tls.identity();
    }
  }
}
