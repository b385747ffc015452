package farslot.cli.fabric;

import farslot.api.ApiException;
import farslot.api.client.ApiClient;
import farslot.cli.output.Cell;
import farslot.cli.output.Column;
import farslot.cli.output.Table;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Says who belongs to the fabric. */
@Command(
    name = "list",
    description = "List the members of the fabric, with their roles, tenants and certificates.")
public final class CaListCommand extends FabricCommand {
  @Option(
      names = {"-a", "--all"},
      description = "All certificates, former and revoked ones too.")
  private boolean all;

  @Override
  int run(ApiClient client) throws ApiException, IOException, InterruptedException {
    JsonNode certificates = client.get("/api/v1/certificates");
    Map<String, JsonNode> members = new HashMap<>();
    Items.of(client.get("/api/v1/members")).forEach(each -> members.put(who(each), each));
    List<JsonNode> items = all ? Items.of(certificates) : newest(Items.of(certificates));
    output.print(
        System.out,
        certificates,
        () -> items.stream().map(CaListCommand::who).toList(),
        () -> table(items, members).print(System.out, terminal(), output.wide()));
    return OK;
  }

  private static String who(JsonNode item) {
    String kind = Items.text(item, "kind");
    return kind.isEmpty() ? "?" : kind + "/" + Items.text(item, "name");
  }

  /** The last one of each; they come with the last first. */
  private static List<JsonNode> newest(List<JsonNode> certificates) {
    Set<String> seen = new HashSet<>();
    return certificates.stream().filter(each -> seen.add(who(each))).toList();
  }

  private static Table table(List<JsonNode> items, Map<String, JsonNode> members) {
    Table table =
        new Table(
            List.of(
                Column.of("WHO").least(12),
                Column.of("ROLE").need(3),
                Column.of("TENANT").need(2),
                Column.of("STATE"),
                Column.of("EXPIRES").need(4),
                Column.of("SERIAL").need(0),
                Column.of("AUTHORITY").onlyWide(),
                Column.of("SIGNED").onlyWide(),
                Column.of("BY").need(1)));
    for (JsonNode each : items) {
      JsonNode member = members.getOrDefault(who(each), farslot.api.Json.object());
      table.add(
          Cell.plain(who(each)),
          Cell.plain(Items.text(member, "role").replace("none", "")),
          Cell.plain(Items.text(member, "tenant")),
          Cell.state(state(each)),
          Cell.plain(Times.at(Items.number(each, "expires-at-ms"))),
          Cell.plain(Items.text(each, "serial")),
          Cell.plain(Items.text(each, "authority")),
          Cell.plain(Times.at(Items.number(each, "issued-at-ms"))),
          Cell.plain(Items.text(each, "by")));
    }
    return table;
  }

  private static String state(JsonNode certificate) {
    if (Items.number(certificate, "revoked-at-ms") > 0) {
      return "refused";
    }
    boolean over = Items.number(certificate, "expires-at-ms") <= Instant.now().toEpochMilli();
    return over ? "expired" : "ok";
  }
}
