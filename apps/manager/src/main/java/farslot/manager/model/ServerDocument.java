package farslot.manager.model;

import java.util.List;
import java.util.Map;

/**
 * A machine with guests, or one guest, to which functions are assigned; an initiator speaks for it.
 *
 * @param guests that its initiator can plug into, by name
 */
public record ServerDocument(String name, List<String> guests, Map<String, String> labels)
    implements Document {
  public ServerDocument {
    guests = guests == null ? List.of() : List.copyOf(guests);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
  }

  @Override
  public String key() {
    return Paths.server(name);
  }

  @Override
  public List<String> problems() {
    Check check = new Check().name("name", name).entries("guests", guests);
    guests.forEach(each -> check.name("guests", each));
    return check.different("guests", guests).attributes("labels", labels).problems();
  }
}
