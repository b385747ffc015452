package farslot.pki;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * What we show. An alias is the number of a state of the files, so that the chain and the key that
 * one handshake asks for are of one pair.
 */
final class OurKey extends X509ExtendedKeyManager {
  private final Identities identities;
  private final boolean withAuthority;

  /**
   * @param withAuthority whether our authority's certificate is shown as well
   */
  OurKey(Identities identities, boolean withAuthority) {
    this.identities = identities;
    this.withAuthority = withAuthority;
  }

  private String alias(String... keyTypes) {
    Identities.Numbered now = identities.numbered();
    String algorithm = now.identity().key().getAlgorithm();
    String wanted = algorithm.equals("Ed25519") ? "EdDSA" : algorithm;
    for (String each : keyTypes) {
      // TLS 1.3 asks by the signature's name: EC, RSA, RSASSA-PSS, EdDSA.
      if (each.equals(wanted) || each.equals(algorithm) || each.startsWith(wanted)) {
        return Long.toString(now.number());
      }
    }
    return null;
  }

  private Optional<TlsIdentity> identity(String alias) {
    return alias == null ? Optional.empty() : identities.of(Long.parseLong(alias));
  }

  @Override
  public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
    return alias(types);
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    return alias(type);
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return alias(types);
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return alias(type);
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    String alias = alias(type);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return getClientAliases(type, issuers);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return identity(alias).map(this::shown).orElse(null);
  }

  private X509Certificate[] shown(TlsIdentity ours) {
    List<X509Certificate> chain = new ArrayList<>(ours.chain());
    if (withAuthority) {
      ours.authorities().stream()
          .filter(
              each ->
                  each.getSubjectX500Principal().equals(chain.getLast().getIssuerX500Principal()))
          .filter(each -> !chain.contains(each))
          .findFirst()
          .ifPresent(chain::add);
    }
    return chain.toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return identity(alias).map(TlsIdentity::key).orElse(null);
  }
}
