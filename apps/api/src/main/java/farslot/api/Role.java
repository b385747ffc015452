package farslot.api;

/** What somebody may do; each role may do all that those before it may. */
public enum Role {
  /** Nothing but asking to be let in. */
  NONE,
  /** May look. */
  VIEWER,
  /** May attach, detach and move, and change profiles and pools. */
  OPERATOR,
  /** May change who may do what. */
  ADMIN;

  /** Whether this role may do what needs that one. */
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }
}
