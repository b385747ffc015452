package farslot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.Optional;

/**
 * How this package calls the C library. Every handle takes the errno capture as its first argument;
 * results follow the kernel's own convention: negative is {@code -errno}.
 *
 * <p>{@code Linker.Option.critical} is never used: a call that blocks there would hold up the
 * garbage collector. Pointers travel as {@code long}, checked by {@link #address}, so that an
 * offset into a buffer needs no slice.
 */
final class Calls {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBC = LINKER.defaultLookup();
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO_AT =
      STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  /** One capture a thread, reused by all its calls. */
  private static final ThreadLocal<MemorySegment> STATES =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private Calls() {}

  static MethodHandle handle(String name, ValueLayout result, MemoryLayout... arguments) {
    return find(name, result, arguments)
        .orElseThrow(() -> new IllegalStateException("the C library has no " + name));
  }

  /** Empty when this C library is too old to have it. */
  @SuppressWarnings("restricted")
  static Optional<MethodHandle> find(String name, ValueLayout result, MemoryLayout... arguments) {
    FunctionDescriptor type = FunctionDescriptor.of(result, arguments);
    return LIBC.find(name).map(symbol -> LINKER.downcallHandle(symbol, type, CAPTURE));
  }

  /** For functions declared with {@code ...}, whose ABI differs on some machines. */
  @SuppressWarnings("restricted")
  static MethodHandle variadic(
      String name, int firstVariadic, ValueLayout result, MemoryLayout... arguments) {
    FunctionDescriptor type = FunctionDescriptor.of(result, arguments);
    return LINKER.downcallHandle(
        LIBC.find(name).orElseThrow(),
        type,
        CAPTURE,
        Linker.Option.firstVariadicArg(firstVariadic));
  }

  static MemorySegment state() {
    return STATES.get();
  }

  /** -1 becomes {@code -errno}. */
  static int result(MemorySegment state, int result) {
    return result == -1 ? -state.get(INT, ERRNO_AT) : result;
  }

  static long result(MemorySegment state, long result) {
    return result == -1 ? -state.get(INT, ERRNO_AT) : result;
  }

  /**
   * The address of {@code bytes} at {@code offset}. The segment must be native, and its owner keeps
   * it alive during the call: buffers belong to the thread that makes the call.
   */
  static long address(MemorySegment segment, long offset, long bytes) {
    Objects.checkFromIndexSize(offset, bytes, segment.byteSize());
    if (!segment.isNative() || !segment.scope().isAlive()) {
      throw new IllegalArgumentException("not a live native segment: " + segment);
    }
    return segment.address() + offset;
  }

  /** A downcall handle throws nothing by itself: this is a mistake in a signature. */
  static AssertionError broken(Throwable cause) {
    return new AssertionError("downcall", cause);
  }
}
