package farslot.bench;

import farslot.bench.figures.Figure;
import farslot.bench.hops.Breakdown;
import farslot.bench.path.Result;
import java.io.PrintStream;
import java.util.List;

/** What a run has found, for people and for machines. */
public final class Report {
  private final Machine machine;
  private final List<Result> results;
  private final List<Figure> figures;

  private final List<Breakdown> breakdowns;

  Report(Machine machine, List<Result> results, List<Breakdown> breakdowns, List<Figure> figures) {
    this.breakdowns = breakdowns;
    this.machine = machine;
    this.results = results;
    this.figures = figures;
  }

  /** Where it was measured. */
  public Machine machine() {
    return machine;
  }

  /** The path and its floor, case by case. */
  public List<Result> results() {
    return results;
  }

  /** Where single operations spend their time. */
  public List<Breakdown> breakdowns() {
    return breakdowns;
  }

  /** All that has one value; those of the cases among them. */
  public List<Figure> figures() {
    return figures;
  }

  /** Tables. */
  public void print(PrintStream to) {
    CaseReport.print(results, to);
    HopReport.print(breakdowns, to);
    FigureReport.print(figures, to);
  }

  /**
   * One JSON object: each figure's value at the top under its key; what each should be in {@code
   * goals}; all that is known below.
   */
  public void printJson(PrintStream to) {
    StringBuilder json = new StringBuilder("{\n");
    FigureReport.keys(figures, json);
    FigureReport.group("functions_1000", figures, json);
    FigureReport.goals(figures, json);
    json.append(",\n");
    FigureReport.members(figures, json);
    json.append(",\n");
    CaseReport.member(results, json);
    json.append(",\n");
    HopReport.member(breakdowns, json);
    json.append(",\n  \"machine\": {");
    String before = "";
    for (var fact : machine.facts().entrySet()) {
      json.append(before).append(Json.quoted(fact.getKey()));
      json.append(": ").append(Json.quoted(fact.getValue()));
      before = ", ";
    }
    json.append("}\n}");
    to.println(json);
  }
}
