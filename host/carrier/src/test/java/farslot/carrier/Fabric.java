package farslot.carrier;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority and what it signs: certificates of nodes, written byte by byte (X.690, RFC 5280), to
 * the second as a test wants them.
 */
final class Fabric {
  static {
    // TLS changes its keys after so much; the default would take an hour to see.
    Security.setProperty("jdk.tls.keyLimits", "AES/GCM/NoPadding KeyUpdate 2^22");
  }

  static final String INITIATOR = "initiator";
  static final String APPLIANCE = "appliance";
  private static final byte[] ECDSA_SHA256 = {
    0x30, 0x0A, 0x06, 8, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 4, 3, 2
  };
  private static final int[] COMMON_NAME = {0x55, 4, 3};
  private static final int[] ALTERNATIVE_NAME = {0x55, 0x1D, 0x11};
  private static final int[] BASIC_CONSTRAINTS = {0x55, 0x1D, 0x13};
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final String name;
  private final KeyPair keys = pair();
  private final X509Certificate authority;

  Fabric(String name) throws GeneralSecurityException {
    this.name = name;
    authority =
        sign(
            name + " CA",
            name + " CA",
            keys,
            keys.getPrivate(),
            hour(-1),
            hour(1),
            sequence(oid(BASIC_CONSTRAINTS), octets(sequence(der(1, new byte[] {-1})))));
  }

  private static Instant hour(int hours) {
    return Instant.now().plusSeconds(hours * 3600L);
  }

  /** What a node has: its key, certificate, and this fabric's authority. */
  SSLContext context(String kind, String node) throws Exception {
    return context(kind, node, hour(-1), hour(1));
  }

  SSLContext context(String kind, String node, Instant from, Instant until) throws Exception {
    KeyPair own = pair();
    String uri = "farslot:" + name + "/" + kind + "/" + node;
    byte[] uriName = der(0x86, uri.getBytes(StandardCharsets.US_ASCII));
    X509Certificate certificate =
        sign(
            name + " CA",
            node,
            own,
            keys.getPrivate(),
            from,
            until,
            sequence(oid(ALTERNATIVE_NAME), octets(sequence(uriName))));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] none = new char[0];
    store.setKeyEntry(
        "node", own.getPrivate(), none, new X509Certificate[] {certificate, authority});
    KeyManagerFactory mine = KeyManagerFactory.getInstance("PKIX");
    mine.init(store, none);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", authority);
    TrustManagerFactory theirs = TrustManagerFactory.getInstance("PKIX");
    theirs.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(mine.getKeyManagers(), theirs.getTrustManagers(), null);
    return context;
  }

  /** A node of this fabric that believes the other kind. */
  Credentials node(String kind, String node) throws Exception {
    return new Credentials(context(kind, node), kind.equals(APPLIANCE) ? INITIATOR : APPLIANCE);
  }

  /** What a node shows and believes, until a test changes it. */
  static final class Credentials implements RailSecurity {
    volatile SSLContext context;
    volatile String believed;
    volatile String banned = "";
    private final String suffix;

    Credentials(SSLContext context, String believed) {
      this.context = context;
      this.believed = believed;
      suffix = "/" + believed + "/";
    }

    @Override
    public SSLContext context() {
      return context;
    }

    @Override
    public Object credentials() {
      return context;
    }

    @Override
    public String nodeName(List<X509Certificate> chain) throws CertificateException {
      for (List<?> each : chain.getFirst().getSubjectAlternativeNames()) {
        String uri = String.valueOf(each.get(1));
        int at = uri.indexOf(suffix);
        String node = uri.substring(at + suffix.length());
        if (at >= 0 && !node.equals(banned)) {
          return node;
        }
      }
      throw new CertificateException("it is not that of an " + believed + " that is let in");
    }

    @Override
    public long checkNs() {
      return 20_000_000;
    }
  }

  // Bytes.

  private static KeyPair pair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(
      String issuer,
      String subject,
      KeyPair keys,
      PrivateKey by,
      Instant from,
      Instant until,
      byte[] extension)
      throws GeneralSecurityException {
    byte[] body =
        sequence(
            der(0xA0, der(2, new byte[] {2})),
            der(2, BigInteger.valueOf(SERIAL.getAndIncrement()).toByteArray()),
            ECDSA_SHA256,
            commonName(issuer),
            sequence(time(from), time(until)),
            commonName(subject),
            keys.getPublic().getEncoded(),
            der(0xA3, sequence(extension)));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(by);
    signature.update(body);
    byte[] signed = join(new byte[1], signature.sign());
    byte[] all = sequence(body, ECDSA_SHA256, der(3, signed));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(all));
  }

  private static byte[] commonName(String name) {
    byte[] text = der(0x0C, name.getBytes(StandardCharsets.UTF_8));
    return sequence(der(0x31, sequence(oid(COMMON_NAME), text)));
  }

  private static byte[] time(Instant at) {
    return der(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] oid(int[] bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return der(6, all);
  }

  private static byte[] octets(byte[] inside) {
    return der(4, inside);
  }

  private static byte[] sequence(byte[]... parts) {
    return der(0x30, join(parts));
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] der(int tag, byte[] inside) {
    int n = inside.length;
    byte[] length =
        n < 0x80
            ? new byte[] {(byte) n}
            : n < 0x100
                ? new byte[] {(byte) 0x81, (byte) n}
                : new byte[] {(byte) 0x82, (byte) (n >> 8), (byte) n};
    return join(new byte[] {(byte) tag}, length, inside);
  }
}
