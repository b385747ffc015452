package farslot.manager.engine;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Caller;
import farslot.manager.model.ApplianceDocument;
import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.Document;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.SanitiseDocument;
import farslot.manager.model.ServerDocument;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What somebody may see of a fabric, by the rules of {@link farslot.manager.access.Tenancy}. What
 * they may not see is not there, for them.
 */
public final class Sight {
  private static final int NAMES_SHOWN = 8;

  private Sight() {}

  /** Whether somebody sees a server. */
  public static boolean server(View view, Caller caller, String name) {
    return caller.tenant().isEmpty() || caller.sees(view.owners().ofServer(name));
  }

  /** Whether somebody sees an appliance. */
  public static boolean appliance(View view, Caller caller, String name) {
    return caller.tenant().isEmpty() || caller.sees(view.owners().ofAppliance(name));
  }

  /** Whether somebody sees a function, by its path. */
  public static boolean function(View view, Caller caller, String path) {
    return view.fabric()
        .get(Paths.function(path), FunctionDocument.class)
        .map(each -> caller.sees(each.document().tenant()))
        .orElse(caller.tenant().isEmpty());
  }

  /** Whether somebody sees who has a function, and may change that. */
  public static boolean assignment(View view, Caller caller, AssignmentDocument assignment) {
    return caller.sees(assignment.tenant()) && function(view, caller, assignment.function());
  }

  /** Whether somebody sees a document. */
  static boolean document(View view, Caller caller, Document document) {
    return switch (document) {
      case FunctionDocument function -> caller.sees(function.tenant());
      case AssignmentDocument assignment -> assignment(view, caller, assignment);
      case SanitiseDocument task -> function(view, caller, task.function());
      case ServerDocument server -> server(view, caller, server.name());
      case ApplianceDocument appliance -> appliance(view, caller, appliance.name());
      case PoolDocument pool -> caller.sees(pool.tenant());
      default -> caller.tenant().isEmpty();
    };
  }

  /**
   * A function that somebody asks for.
   *
   * @throws ApiException if there is none that they may see
   */
  public static Held<FunctionDocument> requireFunction(View view, Caller caller, String path)
      throws ApiException {
    Optional<Held<FunctionDocument>> held =
        view.fabric()
            .get(Paths.function(path), FunctionDocument.class)
            .filter(each -> caller.sees(each.document().tenant()));
    if (held.isPresent()) {
      return held.get();
    }
    String problem = view.fabric().problems().get(Paths.function(path));
    throw new ApiException(
        ApiError.NOT_FOUND,
        "there is no function '" + path + "'",
        problem == null || !caller.tenant().isEmpty() ? "" : problem,
        "farslot list");
  }

  /**
   * A server that somebody asks for, and one of its guests if that is named.
   *
   * @throws ApiException if there is none that they may see
   */
  public static Held<ServerDocument> requireServer(
      View view, Caller caller, String server, String guest) throws ApiException {
    Held<ServerDocument> held =
        view.fabric()
            .get(Paths.server(server), ServerDocument.class)
            .filter(_ -> server(view, caller, server))
            .orElseThrow(
                () ->
                    new ApiException(
                        ApiError.NOT_FOUND,
                        "there is no server '" + server + "'",
                        "servers are known once their initiator has reported",
                        "farslot get servers"));
    if (!guest.isEmpty() && !held.document().guests().contains(guest)) {
      TreeSet<String> guests = new TreeSet<>(held.document().guests());
      String some = String.join(", ", guests.stream().limit(NAMES_SHOWN).toList());
      throw new ApiException(
          ApiError.NOT_FOUND,
          "server '%s' has no guest '%s'".formatted(server, guest),
          guests.isEmpty() ? "its initiator knows none" : "it has " + some,
          "add it to 'guests' of that initiator's configuration");
    }
    return held;
  }
}
