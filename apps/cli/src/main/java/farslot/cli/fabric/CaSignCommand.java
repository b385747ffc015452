package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Signs a request by hand. */
@Command(
    name = "sign",
    description = {
      "Sign a request for a certificate (PKCS #10, PEM), and print the certificate.",
      "For whoever cannot run 'farslot join', and for a manager on another machine."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout key.pem -out x.csr",
      "  farslot ca sign x.csr --kind initiator --name hv2 > cert.pem"
    })
public final class CaSignCommand extends FabricCommand {
  private static final long BYTES_MAX = 64 << 10;

  @Parameters(index = "0", paramLabel = "FILE", description = "The request.")
  private Path file;

  @Option(
      names = "--kind",
      required = true,
      paramLabel = "KIND",
      description = "appliance, initiator, user or manager.")
  private String kind;

  @Option(names = "--name", required = true, paramLabel = "NAME", description = "Its name.")
  private String name;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "A name or address at which it is reached. May be there several times.")
  private List<String> hosts = List.of();

  @Option(names = "--days", paramLabel = "N", description = "How long it is valid (default 90).")
  private long days;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    if (!Files.isRegularFile(file)) {
      throw refused(ApiError.NOT_FOUND, file + " is not signed", "there is no such file", "");
    }
    if (Files.size(file) > BYTES_MAX) {
      throw refused(
          ApiError.BAD_REQUEST, file + " is not signed", "it is too long for a request", "");
    }
    ObjectNode body = Json.object().put("kind", kind).put("name", name);
    body.put("csr", Files.readString(file)).put("lifetime-days", days);
    hosts.forEach(body.putArray("hosts")::add);
    JsonNode answer = client.post("/api/v1/certificates", Map.of(), body);
    output.print(
        System.out,
        answer,
        () -> List.of(Items.text(answer, "serial")),
        () -> System.out.print(Items.text(answer, "certificate")));
    return OK;
  }
}
