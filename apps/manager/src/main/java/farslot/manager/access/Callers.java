package farslot.manager.access;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Caller;
import farslot.api.Role;
import farslot.pki.PeerName;
import farslot.pki.PkiException;
import farslot.pki.Tls;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** Who asks, by the certificate of the connection, and by what is known of him just now. */
public final class Callers {
  private final Members members;

  public Callers(Members members) {
    this.members = members;
  }

  /**
   * Who is at the other end.
   *
   * @param tls which checks the certificate anew: it may have been revoked since the handshake
   * @param from the peer's address
   * @throws ApiException if a certificate came along that does not count, or nobody knows its user
   */
  public Caller of(Tls tls, SSLSession session, String from) throws ApiException {
    if (!Tls.hasShown(session)) {
      return new Caller(Caller.Kind.ANONYMOUS, "", Role.NONE, "", from);
    }
    PeerName peer;
    try {
      peer = tls.peer(session, false);
    } catch (PkiException e) {
      throw new ApiException(ApiError.UNAUTHENTICATED, e.what(), e.why(), e.next());
    }
    return switch (peer.kind()) {
      case USER -> user(peer, from);
      case APPLIANCE -> agent(Caller.Kind.APPLIANCE, peer, from);
      case INITIATOR -> agent(Caller.Kind.INITIATOR, peer, from);
      case MANAGER -> throw unknown(peer);
    };
  }

  private Caller user(PeerName peer, String from) throws ApiException {
    Optional<Member> member = members.get(PeerName.Kind.USER, peer.name());
    if (member.isEmpty()) {
      throw unknown(peer);
    }
    return new Caller(
        Caller.Kind.USER, peer.name(), member.get().role(), member.get().tenant(), from);
  }

  private Caller agent(Caller.Kind kind, PeerName peer, String from) throws ApiException {
    String tenant = members.get(peer.kind(), peer.name()).map(Member::tenant).orElse("");
    return new Caller(kind, peer.name(), Role.NONE, tenant, from);
  }

  private static ApiException unknown(PeerName peer) {
    return new ApiException(
        ApiError.FORBIDDEN,
        peer + " may do nothing here",
        "its certificate is good, and this fabric has no such user",
        "let an admin say what he may do: 'farslot ca role " + peer.name() + " --role viewer'");
  }
}
