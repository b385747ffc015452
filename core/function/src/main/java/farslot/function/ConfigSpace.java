package farslot.function;

/** The 4 KiB configuration space of a type 0 function, built from its {@link FunctionSpec}. */
public final class ConfigSpace {
  /** Bytes in it. */
  public static final int BYTES = 4096;
}
