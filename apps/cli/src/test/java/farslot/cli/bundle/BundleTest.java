package farslot.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.cli.CommandRun;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Support bundles: what is inside, and what never is. */
class BundleTest {
  @TempDir Path dir;

  @Test
  void secretsStayAtHome() {
    String text =
        """
        name: rack1
        password: hunter2
        join-token: "fs1.abc"
        pki: {private-key: 'abc', ca: x}
        users: [{name: ann, secret: s3cr3t}, {name: bob}]
        api_token: |
          line one
          line two
        listen: 10.0.0.1:7580
        "authToken" : "zzz",
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIB
        -----END EC PRIVATE KEY-----
        after: it
        """;
    String removed = Secrets.removed(text);
    assertThat(removed)
        .doesNotContain(
            "hunter2", "fs1.abc", "'abc'", "s3cr3t", "line one", "line two", "zzz", "MHcCA")
        .contains("name: rack1", "ca: x", "name: bob", "listen: 10.0.0.1:7580", "after: it")
        .contains("password: " + Secrets.REMOVED);
    String json = "{\"items\":[{\"name\":\"a\",\"secret-hash\":\"q\\\"w\",\"uses\":1}]}";
    assertThat(Secrets.removed(json))
        .doesNotContain("q\\\"w")
        .contains("\"name\":\"a\"", "\"uses\":1");
  }

  /** The audit log has requests' bodies, which are JSON inside of JSON; and what people mistype. */
  @Test
  void soDoThoseThatAreQuoted() {
    String quoted =
        """
        {"what":"POST /api/v1/x","body":"{\\"name\\":\\"ann\\",\\"secret\\":\\"s3cr3t\\",\\"a\\":1}"}
        "why": "there is no manager at fsj1:user:ann:AbC-_d:S3crEt_x-y:chk, and more"
        """;
    assertThat(Secrets.removed(quoted))
        .doesNotContain("s3cr3t", "S3crEt")
        .contains("ann", "there is no manager at " + Secrets.REMOVED + ", and more");
  }

  @Test
  void tarReadsIt() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarGz archive = new TarGz(bytes)) {
      archive.add("a/one.txt", "one".getBytes(StandardCharsets.UTF_8), 1_700_000_000);
      archive.add("a/large.txt", new byte[1024], 1_700_000_000);
      archive.add("a/none.txt", new byte[0], 1_700_000_000);
    }
    Path file = Files.write(dir.resolve("x.tar.gz"), bytes.toByteArray());
    assertThat(tar("-tzf", file.toString())).isEqualTo("a/one.txt\na/large.txt\na/none.txt\n");
    assertThat(tar("-xzOf", file.toString(), "a/one.txt")).isEqualTo("one");
  }

  private static String tar(String... words) throws Exception {
    String[] command = new String[words.length + 1];
    command[0] = "tar";
    System.arraycopy(words, 0, command, 1, words.length);
    Process tar = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tar.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Path config = Files.writeString(dir.resolve("up.yaml"), "name: x\ntoken: abc\n");
    Path file = dir.resolve("b.tar.gz");
    CommandRun run =
        CommandRun.of(
            "support-bundle",
            "--to",
            file.toString(),
            "--manager",
            dir.resolve("none.sock").toString(),
            "--config",
            config.toString(),
            "--from",
            dir.resolve("nobody").toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("version.txt", "config/1-up.yaml").endsWith(file + "\n");
    assertThat(run.err())
        .contains("farslot: without fabric/", "farslot: without processes/1/status");
    assertThat(tar("-xzOf", file.toString(), "b/config/1-up.yaml")).doesNotContain("abc");
    assertThat(tar("-xzOf", file.toString(), "b/README.txt")).contains("is missing");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }
}
