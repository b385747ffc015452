package farslot.manager.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A function of a card that can be assigned.
 *
 * @param card the card's kind, such as {@code nvme}
 * @param deviceId vendor and device, as lspci has it: {@code 8086:10ed}; "" while nobody has seen
 *     it: its card could not be made, or has not come yet
 * @param capacityBytes of a drive; 0 for what has none
 * @param identity what goes along when it is moved, such as {@code mac} or {@code serial}
 * @param tenant who may see it; "" for everybody
 */
public record FunctionDocument(
    String appliance,
    String name,
    String card,
    String deviceId,
    long capacityBytes,
    Map<String, String> identity,
    String tenant)
    implements Document {
  private static final Pattern DEVICE_ID = Pattern.compile("[0-9a-f]{4}:[0-9a-f]{4}");

  public FunctionDocument {
    identity = identity == null ? Map.of() : Map.copyOf(identity);
    deviceId = Objects.requireNonNullElse(deviceId, "");
    tenant = Objects.requireNonNullElse(tenant, "");
  }

  /** The same, belonging to a tenant. */
  FunctionDocument ofTenant(String next) {
    return new FunctionDocument(appliance, name, card, deviceId, capacityBytes, identity, next);
  }

  /** {@code APPLIANCE/FUNCTION}, by which everything else calls it. */
  public String path() {
    return appliance + "/" + name;
  }

  @Override
  public String key() {
    return Paths.function(path());
  }

  @Override
  public List<String> problems() {
    return new Check()
        .name("appliance", appliance)
        .name("name", name)
        .name("card", card)
        .that(
            deviceId.isEmpty() || DEVICE_ID.matcher(deviceId).matches(),
            "'device-id' should be vendor and device in hex such as 8086:10ed, not '"
                + deviceId
                + "'")
        .atLeast("capacity-bytes", capacityBytes, 0)
        .attributes("identity", identity)
        .that(tenant.isEmpty() || Check.isName(tenant), "'tenant' should be a name or \"\"")
        .problems();
  }
}
