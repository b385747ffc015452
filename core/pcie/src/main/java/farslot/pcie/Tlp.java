package farslot.pcie;

/** A TLP as a value: for tests, captures and people. The data path uses {@link TlpView}. */
public sealed interface Tlp permits Tlp.Opaque {
  /** Placeholder until the real records are here. */
  record Opaque(byte[] bytes) implements Tlp {}
}
