package farslot.manager.access;

import farslot.api.ApiError;
import farslot.api.ApiException;
import farslot.api.Role;
import farslot.manager.access.Records.Kept;
import farslot.pki.JoinToken;
import farslot.pki.Limits;
import farslot.pki.PeerName.Kind;
import farslot.pki.Words;
import farslot.store.Action;
import farslot.store.Compare;
import farslot.store.StateStore;
import farslot.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Join tokens: made by an admin, used once, by whom they are for, in their time. */
final class Tokens {
  private static final String MAKE_ANOTHER = "make another: 'farslot ca token --kind %s --name %s'";

  private final StateStore store;
  private final Records<Token> records;
  private final InstantSource clock;

  Tokens(StateStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    records = new Records<>(store, "/access/tokens/", Token.class);
  }

  List<Token> all() throws ApiException {
    return records.all().stream().map(Kept::value).toList();
  }

  /** A new one; the answer alone has its secret. */
  JoinToken make(Member member, Duration lifetime, String fingerprint, String by)
      throws ApiException {
    Members.check(member);
    if (member.kind().equals(Kind.USER.word()) && member.role() == Role.NONE) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "no token is made",
          "a user needs a role",
          "add --role viewer, operator or admin");
    }
    if (lifetime.compareTo(Limits.TOKEN_LIFETIME_MIN) < 0
        || lifetime.compareTo(Limits.TOKEN_LIFETIME_MAX) > 0) {
      throw new ApiException(
          ApiError.BAD_REQUEST,
          "no token is made",
          "it should expire after %d s to %d days"
              .formatted(Limits.TOKEN_LIFETIME_MIN.toSeconds(), Limits.TOKEN_LIFETIME_MAX.toDays()),
          "");
    }
    prune();
    Instant now = clock.instant();
    JoinToken made = JoinToken.make(Members.kind(member.kind()), member.name(), fingerprint);
    Token token =
        new Token(
            JoinToken.hash(made.secret()),
            member.kind(),
            member.name(),
            member.role(),
            member.tenant(),
            now.toEpochMilli(),
            now.plus(lifetime).toEpochMilli(),
            by,
            0,
            "");
    Records.commit(store, Transaction.of(records.put(Token.id(token.hash()), token)));
    return made;
  }

  /** What was used or has expired long ago goes; too many are refused. */
  private void prune() throws ApiException {
    long beforeMs = clock.instant().minus(AccessLimits.REMEMBERED).toEpochMilli();
    List<Action> gone = new ArrayList<>();
    List<Kept<Token>> all = records.all();
    for (Kept<Token> each : all) {
      boolean over = Math.max(each.value().usedAtMs(), each.value().expiresAtMs()) < beforeMs;
      if (over && gone.size() < 100) {
        gone.add(records.delete(each.id()));
      }
    }
    if (!gone.isEmpty()) {
      Records.commit(store, new Transaction(List.of(), gone, List.of()));
    }
    if (all.size() - gone.size() >= AccessLimits.TOKENS_MAX) {
      throw new ApiException(
          ApiError.CONFLICT,
          "no token is made",
          "there are " + AccessLimits.TOKENS_MAX + " already",
          "withdraw some: 'farslot ca tokens', 'farslot ca revoke TOKEN-ID'");
    }
  }

  /** Takes one back. */
  void withdraw(String id) throws ApiException {
    Kept<Token> token =
        records
            .get(Members.name("token", id))
            .orElseThrow(
                () ->
                    new ApiException(
                        ApiError.NOT_FOUND,
                        "there is no token '" + Words.safe(id) + "'",
                        "",
                        "farslot ca tokens"));
    Records.commit(store, Transaction.of(records.delete(token.id())));
  }

  /** A token that may be used, and what has to be so when it is. */
  record Usable(Token token, Compare unchanged, Action used) {}

  /**
   * Looks at a secret that somebody has sent.
   *
   * @param kind for which he says that the token is
   * @param from his address
   */
  Usable usable(String secret, String kind, String name, String from) throws ApiException {
    String hash = JoinToken.hash(secret);
    Optional<Kept<Token>> kept = records.get(Token.id(hash));
    if (kept.isEmpty() || !same(kept.get().value().hash(), hash)) {
      throw refused(
          "this fabric does not know it: it was withdrawn, or made by another manager", kind, name);
    }
    Token token = kept.get().value();
    if (!token.kind().equals(kind) || !token.name().equals(name)) {
      throw refused(
          "it is for %s/%s, and not for %s/%s"
              .formatted(token.kind(), token.name(), Words.safe(kind), Words.safe(name)),
          kind,
          name);
    }
    if (token.usedAtMs() != 0) {
      throw refused(
          "it was used at %s, from %s, and works once; if that was not you, revoke %s/%s"
              .formatted(
                  Instant.ofEpochMilli(token.usedAtMs()),
                  token.usedFrom(),
                  token.kind(),
                  token.name()),
          kind,
          name);
    }
    Instant now = clock.instant();
    if (now.toEpochMilli() >= token.expiresAtMs()) {
      throw refused(
          "it expired at %s, and the manager's clock says %s"
              .formatted(Instant.ofEpochMilli(token.expiresAtMs()), now),
          kind,
          name);
    }
    if (now.plus(AccessLimits.CLOCK_SLACK).toEpochMilli() < token.madeAtMs()) {
      throw refused(
          "it was made at %s, and the manager's clock says %s: it was set back"
              .formatted(Instant.ofEpochMilli(token.madeAtMs()), now),
          kind,
          name);
    }
    Token used = token.used(now.toEpochMilli(), from);
    return new Usable(token, records.unchanged(kept.get()), records.put(kept.get().id(), used));
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  static ApiException refused(String why, String kind, String name) {
    return new ApiException(
        ApiError.FORBIDDEN,
        "the token is refused",
        why,
        kind.isEmpty() || name.isEmpty()
            ? "see 'farslot ca token --help'"
            : MAKE_ANOTHER.formatted(Words.safe(kind), Words.safe(name)));
  }
}
