package farslot.control;

import farslot.link.LinkCounters;
import farslot.link.LinkSession;
import java.util.List;
import java.util.Map;

/** A process as it lets itself be seen. Its lists are asked for on the data thread. */
public interface Watched {
  /** {@code appliance} or {@code initiator}. */
  String kind();

  /** By which its peers know it. */
  String name();

  /** The sessions that there are. */
  List<LinkSession> sessions();

  /** What was counted outside of sessions. */
  LinkCounters counters();

  /** The functions that it has or wants, each by its facts. */
  List<Map<String, Object>> functions();
}
