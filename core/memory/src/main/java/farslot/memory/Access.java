package farslot.memory;

/** What a window lets a card do. */
public enum Access {
  READ,
  WRITE,
  READ_WRITE;

  /** Whether this permits all of {@code wanted}. */
  public boolean permits(Access wanted) {
    return this == READ_WRITE || this == wanted;
  }
}
