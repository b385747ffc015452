package farslot.carrier;

import java.util.Map;

/** Accepts rails at an address, until it is closed. On the loop's thread, or before it runs. */
public sealed interface Listener extends AutoCloseable permits TcpListener, EthernetListener {
  /** Where, for people: {@code tcp 127.0.0.1:7580}. */
  String describe();

  /** What came and was dropped or lost, here and on its rails. On the loop's thread. */
  default Map<String, Long> counters() {
    return Map.of();
  }

  /** Stops listening; rails that were accepted stay. */
  @Override
  void close();
}
