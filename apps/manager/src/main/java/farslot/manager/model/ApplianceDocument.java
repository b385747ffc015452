package farslot.manager.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A machine that houses cards.
 *
 * @param addresses where initiators reach it, rails as in {@code initiator.yaml}
 * @param software what it says that it runs
 * @param labels whatever people sort by, such as a rack
 */
public record ApplianceDocument(
    String name, List<String> addresses, String software, Map<String, String> labels)
    implements Document {
  public ApplianceDocument {
    addresses = addresses == null ? List.of() : List.copyOf(addresses);
    software = Objects.requireNonNullElse(software, "");
    labels = labels == null ? Map.of() : Map.copyOf(labels);
  }

  @Override
  public String key() {
    return Paths.appliance(name);
  }

  @Override
  public List<String> problems() {
    return new Check()
        .name("name", name)
        .texts("addresses", addresses)
        .different("addresses", addresses)
        .text("software", software)
        .attributes("labels", labels)
        .problems();
  }
}
