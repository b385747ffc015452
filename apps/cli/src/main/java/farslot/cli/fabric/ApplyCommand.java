package farslot.cli.fabric;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Json;
import farslot.api.client.ApiClient;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Makes profiles, pools, templates and identities be as a file says. */
@Command(
    name = "apply",
    description = {
      "Make profiles, pools, templates and identities be as files say: all of it, or nothing.",
      "The plan is shown first. What a file does not name stays as it is."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farslot apply -f web.yaml --dry-run",
      "  farslot apply -f pools.yaml -f web.yaml",
      "  farslot get profile web -o json | jq -r .manifest | farslot apply -f -",
      "",
      "A profile:",
      "  kind: Profile",
      "  name: web",
      "  server: server-a",
      "  guest: vm1",
      "  slots:",
      "    - name: data",
      "      pool: gold              # or function: rack1/disk0",
      "    - name: net",
      "      function: rack1/nic0",
      "      identity: {mac: '52:54:00:12:34:56'}"
    })
public final class ApplyCommand extends PlanCommand {
  private static final long BYTES_MAX = 4 << 20;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      required = true,
      description = "YAML, documents with --- between them; - for standard input. Repeatable.")
  private List<String> files;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    StringBuilder all = new StringBuilder();
    for (String file : files) {
      all.append(all.isEmpty() ? "" : "\n---\n").append(read(file));
    }
    ObjectNode body = Json.object().put("yaml", all.toString());
    body.put("file", String.join(", ", files));
    return carryOut(client, "/api/v1/apply", body, false);
  }

  private static String read(String file) throws ApiException, IOException {
    try {
      if (file.equals("-")) {
        return new String(System.in.readNBytes((int) BYTES_MAX), StandardCharsets.UTF_8);
      }
      Path path = Path.of(file);
      if (!Files.exists(path)) {
        throw refused(ApiError.NOT_FOUND, "nothing is changed", file + ": no such file", "");
      }
      if (Files.isDirectory(path) || Files.size(path) > BYTES_MAX) {
        throw refused(
            ApiError.BAD_REQUEST,
            "nothing is changed",
            file + " should be a file of at most " + (BYTES_MAX >> 20) + " MiB",
            "");
      }
      return Files.readString(path);
    } catch (MalformedInputException e) {
      throw refused(ApiError.BAD_REQUEST, "nothing is changed", file + " is no text", "");
    }
  }
}
