package farslot.control;

import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.link.CreditLevel;
import farslot.link.LinkSession;
import farslot.link.LinkStream;
import farslot.link.Qos;
import farslot.link.QosStatus;
import farslot.pcie.FlowClass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Answers {@code status}: sessions, rails, streams, functions, and what was counted. */
final class StatusService implements ControlCommand {
  private static final long NS_PER_MS = 1_000_000;
  private final Watched watched;
  private final LinkWatch streams;
  private final RailFacts rails;
  private final DataThread data;

  StatusService(Watched watched, LinkWatch streams, RailFacts rails, DataThread data) {
    this.watched = watched;
    this.rails = rails;
    this.streams = streams;
    this.data = data;
  }

  @Override
  public void run(CardConfig arguments, ControlReply reply)
      throws CardConfigException, IOException, InterruptedException {
    arguments.finish();
    reply.accept(data.ask(this::status));
  }

  private Map<String, Object> status() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("kind", watched.kind());
    all.put("name", watched.name());
    all.put("sessions", watched.sessions().stream().map(this::session).toList());
    if (watched.sessions().isEmpty() && watched.paths().isPresent()) {
      all.put("rails", rails.withoutSession());
    }
    all.put("functions", watched.functions());
    Map<String, Long> counters = watched.counters().snapshot();
    counters.putAll(watched.carrierCounters());
    all.put("counters", notZero(counters));
    return all;
  }

  private Map<String, Object> session(LinkSession session) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("session", "%08x".formatted(session.id()));
    all.put("peer", session.peer().nodeName());
    all.put("state", session.state().name());
    all.put("rails", rails.of(session));
    List<Object> open = new ArrayList<>();
    for (LinkStream stream : streams.streams(session.id())) {
      open.add(stream(stream));
    }
    all.put("streams", open);
    all.put("counters", notZero(session.counters().snapshot()));
    return all;
  }

  private static Map<String, Object> stream(LinkStream stream) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("stream", stream.id());
    all.put("function", stream.functionName());
    all.put("epoch", stream.epoch());
    Map<String, Object> credits = new LinkedHashMap<>();
    for (FlowClass flow : FlowClass.values()) {
      CreditLevel level = stream.credits(flow);
      credits.put(
          flow.name().toLowerCase(Locale.ROOT),
          Map.of("headers_left", level.headersLeft(), "data_left", level.dataLeft()));
    }
    all.put("credits", credits);
    QosStatus qos = stream.qosStatus();
    if (!qos.qos().isNone()) {
      all.put("qos", qos(qos));
    }
    return all;
  }

  private static Map<String, Object> qos(QosStatus status) {
    Qos qos = status.qos();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("committed_bytes_per_second", qos.committedBytesPerSecond());
    all.put("peak_bytes_per_second", qos.peakBytesPerSecond());
    all.put("burst_bytes", qos.burstBytes());
    all.put("class", qos.trafficClass());
    all.put("sent_bytes_per_second", status.sentBytesPerSecond());
    all.put("received_bytes_per_second", status.receivedBytesPerSecond());
    all.put("delayed_bytes", status.delayedBytes());
    all.put("delayed_ms", status.delayedNs() / NS_PER_MS);
    return all;
  }

  private static Map<String, Long> notZero(Map<String, Long> counters) {
    counters.values().removeIf(count -> count == 0);
    return counters;
  }
}
