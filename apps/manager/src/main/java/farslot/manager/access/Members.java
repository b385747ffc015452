package farslot.manager.access;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.pki.PeerName;
import farslot.pki.PeerName.Kind;
import farslot.store.Action;
import farslot.store.StateStore;
import farslot.store.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * Who is in the fabric, with which role and tenant. Read for each request anew: a change holds from
 * the next one on.
 */
public final class Members {
  private final StateStore store;
  private final Records<Member> records;

  public Members(StateStore store) {
    this.store = store;
    records = new Records<>(store, "/access/members/", Member.class);
  }

  public List<Member> all() throws ApiException {
    return records.all().stream().map(Records.Kept::value).toList();
  }

  public Optional<Member> get(Kind kind, String name) throws ApiException {
    return records.get(kind.word() + "/" + name).map(Records.Kept::value);
  }

  /** Whose a server is; "" for nobody's in particular. */
  public String tenantOfServer(String server) throws ApiException {
    return get(Kind.INITIATOR, server).map(Member::tenant).orElse("");
  }

  /** Whose an appliance is; "" for nobody's in particular. */
  public String tenantOfAppliance(String appliance) throws ApiException {
    return get(Kind.APPLIANCE, appliance).map(Member::tenant).orElse("");
  }

  void put(Member member) throws ApiException {
    check(member);
    Records.commit(store, Transaction.of(putting(member)));
  }

  Action putting(Member member) {
    return records.put(member.id(), member);
  }

  Action deleting(Member member) {
    return records.delete(member.id());
  }

  /** That it is one. */
  static void check(Member member) throws ApiException {
    Kind kind = kind(member.kind());
    name("name", member.name());
    if (!member.tenant().isEmpty()) {
      name("tenant", member.tenant());
    }
    if (kind != Kind.USER && member.role() != farslot.api.Role.NONE) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "a " + kind.word() + " gets no role",
          "it may do what is an agent's, and nothing else",
          "leave the role out");
    }
  }

  /** The kind of this word, of those that can be members. */
  static Kind kind(String word) throws ApiException {
    return Kind.of(String.valueOf(word))
        .filter(each -> each != Kind.MANAGER)
        .orElseThrow(
            () ->
                new ApiException(
                    ApiError.BAD_REQUEST,
                    "'" + farslot.pki.Words.safe(String.valueOf(word)) + "' is no kind of member",
                    "there are user, appliance and initiator",
                    ""));
  }

  static String name(String what, String name) throws ApiException {
    if (name == null || !PeerName.NAME.matcher(name).matches()) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "'%s' cannot be '%s'".formatted(what, farslot.pki.Words.safe(name == null ? "" : name)),
          "it should be 1 to 64 letters, digits, dots, dashes or underscores",
          "");
    }
    return name;
  }
}
