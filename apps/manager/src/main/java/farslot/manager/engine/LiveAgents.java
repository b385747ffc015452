package farslot.manager.engine;

import farslot.api.agent.AgentKind;
import farslot.api.agent.ApplianceReport;
import farslot.api.agent.FunctionReport;
import farslot.api.agent.HoldingReport;
import farslot.api.agent.InitiatorReport;
import farslot.api.agent.Load;
import farslot.api.agent.Report;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What agents said last. In memory: after a restart they say it again. Not for several threads at a
 * time.
 */
final class LiveAgents {
  /** Former processes of an agent that are told from its present one. */
  private static final int FORMER_MAX = 8;

  private record Id(AgentKind kind, String name) {}

  /** One agent. */
  static final class Agent {
    private final Set<String> former = new LinkedHashSet<>();
    private Report report;
    private List<String> problems = List.of();
    private long heardNs;
    private long seenRevision;
    private long seenBeforeReport;
    private Map<String, FunctionReport> functions = Map.of();
    private Map<String, HoldingReport> holdings = Map.of();
    private final Map<String, Rate> rates = new HashMap<>();

    /** What of its report cannot be recorded, in words. */
    List<String> problems() {
      return problems;
    }

    void problems(List<String> now) {
      problems = List.copyOf(now);
    }

    Report report() {
      return report;
    }

    long heardNs() {
      return heardNs;
    }

    /** Whether its last report was made after it had brought about the orders of a revision. */
    boolean hasObeyed(long revision) {
      return seenBeforeReport >= revision;
    }
  }

  private final Map<Id, Agent> agents = new HashMap<>();

  Optional<Agent> get(AgentKind kind, String name) {
    return Optional.ofNullable(agents.get(new Id(kind, name)));
  }

  Collection<Agent> all() {
    return agents.values();
  }

  /** Whether a report comes from a process whose place another has taken. */
  boolean isFormer(Report report) {
    return get(report.kind(), report.name())
        .filter(agent -> agent.former.contains(report.instance()))
        .isPresent();
  }

  /** An agent has brought about the orders of this revision. */
  void seen(AgentKind kind, String name, long revision) {
    get(kind, name).ifPresent(agent -> agent.seenRevision = revision);
  }

  /** Takes a report. */
  Agent take(Report report, long obeyedRevision, long nowNs) {
    Agent agent = agents.computeIfAbsent(new Id(report.kind(), report.name()), _ -> new Agent());
    if (agent.report != null && !agent.report.instance().equals(report.instance())) {
      agent.former.add(agent.report.instance());
      if (agent.former.size() > FORMER_MAX) {
        agent.former.remove(agent.former.iterator().next());
      }
      agent.seenRevision = 0;
      agent.rates.clear();
    }
    agent.report = report;
    agent.heardNs = nowNs;
    if (obeyedRevision != 0) {
      agent.seenRevision = obeyedRevision;
    }
    agent.seenBeforeReport = agent.seenRevision;
    switch (report) {
      case ApplianceReport appliance -> {
        Map<String, FunctionReport> functions = new HashMap<>();
        appliance.functions().forEach(each -> functions.put(each.name(), each));
        agent.functions = functions;
        functions.forEach((name, each) -> rate(agent, name, each.load(), nowNs));
        agent.rates.keySet().retainAll(functions.keySet());
      }
      case InitiatorReport initiator -> {
        Map<String, HoldingReport> holdings = new HashMap<>();
        initiator.holdings().forEach(each -> holdings.put(each.function(), each));
        agent.holdings = holdings;
        holdings.forEach((name, each) -> rate(agent, name, each.load(), nowNs));
        agent.rates.keySet().retainAll(holdings.keySet());
      }
    }
    return agent;
  }

  private static void rate(Agent agent, String name, Load load, long nowNs) {
    agent.rates.computeIfAbsent(name, _ -> new Rate()).take(load, nowNs);
  }

  /** A function as its appliance has it. */
  Optional<FunctionReport> function(String path) {
    int slash = path.indexOf('/');
    return get(AgentKind.APPLIANCE, path.substring(0, slash))
        .map(agent -> agent.functions.get(path.substring(slash + 1)));
  }

  /** A function as a server has it. */
  Optional<HoldingReport> holding(String server, String function) {
    return get(AgentKind.INITIATOR, server).map(agent -> agent.holdings.get(function));
  }

  /** What a function carries, as its appliance counts. */
  Optional<Rate> rate(String path) {
    int slash = path.indexOf('/');
    return get(AgentKind.APPLIANCE, path.substring(0, slash))
        .map(agent -> agent.rates.get(path.substring(slash + 1)));
  }

  /** What a function carries, as its server counts. */
  Optional<Rate> rate(String server, String function) {
    return get(AgentKind.INITIATOR, server).map(agent -> agent.rates.get(function));
  }
}
