package farslot.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farslot.chance.Fuzz;
import farslot.pki.PeerName.Kind;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tokens, requests, names and PEM, as strangers send them. */
class ParsersTest {
  private static final int ITERATIONS = Fuzz.iterations(4_000);
  private final long seed = Fuzz.seed();
  private final Random random = new Random(seed);

  private interface Parser {
    void parse(String text) throws PkiException;
  }

  /** Changed, cut, doubled and random text: read, or refused with words; nothing else. */
  private void fuzz(String good, Parser parser) {
    for (int i = 0; i < ITERATIONS; i++) {
      String text = spoiled(good);
      try {
        parser.parse(text);
      } catch (PkiException e) {
        assertThat(e.next()).isNotEmpty();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(Fuzz.again(seed) + ", of: " + text, e);
      }
    }
  }

  private String spoiled(String good) {
    StringBuilder text = new StringBuilder(good);
    for (int n = random.nextInt(6); n >= 0 && !text.isEmpty(); n--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(5)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(0x200));
        case 1 -> text.setLength(at);
        case 2 -> text.insert(at, text.substring(at));
        case 3 -> text.deleteCharAt(at);
        default -> text.setCharAt(at, (char) ('A' + random.nextInt(26)));
      }
      text.setLength(Math.min(text.length(), 20_000));
    }
    return text.toString();
  }

  @Test
  void tokens() throws Exception {
    JoinToken token =
        JoinToken.make(Kind.INITIATOR, "hv1", Authority.create("lab", Fabric.NOW).fingerprint());
    assertThat(JoinToken.of("  " + token.text() + "\n")).isEqualTo(token);
    assertThat(token.toString()).doesNotContain(token.secret());
    assertThat(JoinToken.make(Kind.USER, "a", token.fingerprint()).secret())
        .isNotEqualTo(token.secret());
    String cut = token.text().substring(0, token.text().length() - 1);
    assertThatThrownBy(() -> JoinToken.of(cut)).hasMessageContaining("wrong or missing");
    String other = token.text().replace("hv1", "hv2");
    assertThatThrownBy(() -> JoinToken.of(other)).hasMessageContaining("wrong or missing");
    assertThatThrownBy(() -> JoinToken.of("x")).hasMessageContaining("fsj1:");
    fuzz(
        token.text(),
        text -> {
          JoinToken read = JoinToken.of(text);
          // What is taken is what was made: no other text means the same token.
          assertThat(read.text()).isEqualTo(text.strip());
        });
  }

  @Test
  void requests() throws Exception {
    KeyPair key = Pem.newKey();
    String request = Csr.make(key, "hv1");
    assertThat(Csr.read(request)).isEqualTo(key.getPublic());
    fuzz(request, text -> assertThat(Csr.read(text)).isNotNull());
  }

  @Test
  void requestsWhoseBytesAreSpoiled() {
    byte[] der =
        Base64.getMimeDecoder()
            .decode(Csr.make(Pem.newKey(), "hv1").replaceAll("-----[A-Z ]*-----", ""));
    for (int i = 0; i < ITERATIONS; i++) {
      byte[] bytes = der.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      String pem = Pem.block("CERTIFICATE REQUEST", bytes);
      try {
        Csr.read(pem);
      } catch (PkiException e) {
        assertThat(e.next()).isNotEmpty();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(Fuzz.again(seed) + ", of: " + pem, e);
      }
    }
  }

  @Test
  void aRequestSignedByAnotherKey() {
    KeyPair key = Pem.newKey();
    KeyPair mixed = new KeyPair(key.getPublic(), Pem.newKey().getPrivate());
    assertThatThrownBy(() -> Csr.read(Csr.make(mixed, "x")))
        .hasMessageContaining("not signed by the key");
  }

  @Test
  void aWeakKeyIsNotSigned() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    KeyPair weak = generator.generateKeyPair();
    var signer =
        new org.bouncycastle.operator.jcajce.JcaContentSignerBuilder("SHA256withRSA")
            .build(weak.getPrivate());
    byte[] der =
        new org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder(
                new javax.security.auth.x500.X500Principal("CN=x"), weak.getPublic())
            .build(signer)
            .getEncoded();
    assertThatThrownBy(() -> Csr.read(Pem.block("CERTIFICATE REQUEST", der)))
        .hasMessageContaining("RSA of 2048");
  }

  @Test
  void certificatesAndKeys() {
    Authority authority = Authority.create("lab", Fabric.NOW);
    String pem = Pem.write(java.util.List.of(authority.certificate()));
    fuzz(pem, text -> Pem.certificates("x", text, 4));
    fuzz(Pem.write(authority.key()), text -> Pem.key("x", text));
  }

  @Test
  void names() {
    PeerName name = new PeerName("lab", Kind.APPLIANCE, "rack1");
    assertThat(PeerName.of(name.uri())).contains(name);
    for (String wrong :
        new String[] {
          "farslot:lab/root/rack1",
          "farslot:lab/appliance/",
          "farslot:lab/appliance/a b",
          "farslot:lab/appliance/a/b",
          "farslot:../appliance/a",
          "https://lab/appliance/a"
        }) {
      assertThat(PeerName.of(wrong)).as(wrong).isEmpty();
    }
    assertThatThrownBy(() -> new PeerName("lab", Kind.USER, "../x"))
        .hasMessageContaining("1 to 64 letters");
    assertThat(Words.safe("a\u001b[31m" + "x".repeat(500)))
        .startsWith("a?[31m")
        .hasSizeLessThan(200);
    assertThat(
            Words.safe(
                new String("\u0085".getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)))
        .isEqualTo("?");
  }

  @Test
  void whatAnAuthorityPutsIntoACertificateIsChecked() {
    Authority authority = Authority.create("lab", Fabric.NOW);
    for (String host : new String[] {"300.1.1.1", "a b", "-x", ""}) {
      assertThatThrownBy(
              () ->
                  authority.issue(
                      Pem.newKey().getPublic(),
                      Kind.APPLIANCE,
                      "a",
                      java.util.List.of(host),
                      Limits.CERTIFICATE_LIFETIME,
                      Fabric.NOW))
          .as(host)
          .isInstanceOf(PkiException.class);
    }
    assertThatThrownBy(
            () ->
                authority.issue(
                    Pem.newKey().getPublic(),
                    Kind.APPLIANCE,
                    "a",
                    java.util.List.of(),
                    Limits.CERTIFICATE_LIFETIME,
                    Fabric.NOW.plus(java.time.Duration.ofDays(4000))))
        .hasMessageContaining("clock");
  }
}
