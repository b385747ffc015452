package farslot.testkit;

import farslot.function.FunctionSpec.BarKind;
import farslot.function.PciFunction;
import farslot.function.endpoint.EndpointOptions;
import farslot.function.endpoint.FunctionEndpoint;
import farslot.pcie.CompletionStatus;
import farslot.pcie.TlpView;
import farslot.pcie.config.CapabilityId;
import farslot.pcie.config.ConfigHeader;
import farslot.pcie.config.Msi;
import farslot.pcie.config.PcieCapability;
import farslot.testkit.FoundFunction.FoundBar;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A server in one thread and virtual time, without a link: drives any {@link PciFunction} through
 * its {@link FunctionEndpoint} by TLP. Enumerates like a kernel, programs interrupts, lends memory
 * by DMA windows, and can be as rude as a test needs (no credits, late or refused completions,
 * surprise removal).
 *
 * <pre>{@code
 * FakeRootComplex root = new FakeRootComplex(new MyCard());
 * root.enumerate();
 * root.enableMsix();
 * root.memory().map(0x10_0000, 4096);
 * root.write(0, 0x10, 4, 1);
 * assertThat(root.interrupts().count(0)).isEqualTo(1);
 * }</pre>
 *
 * <p>Calls that need an answer run the machine until it is there. Everything that the card must not
 * do (malformed TLPs, completions that nobody asked for, DMA while bus mastering is off) is an
 * AssertionError at once.
 */
public final class FakeRootComplex {
  /** The function's BDF: 01:00.0. */
  public static final int TARGET_ID = 0x0100;

  private static final int STEPS_MAX = 50_000_000;
  private static final long AWAIT_NS = 120_000_000_000L;

  private final FakeAgent agent;
  private final GuestMemory memory = new GuestMemory();
  private final InterruptLog interrupts = new InterruptLog();
  private final RootSender sender = new RootSender();
  private final RootRequester requester = new RootRequester(sender);
  private final RootCompleter completer;
  private final RootReceiver receiver;
  private final EndpointOptions options;
  private final MessageSetup messages = new MessageSetup(this);
  private FunctionEndpoint endpoint;
  private TlpPipe down;
  private TlpPipe up;
  private boolean connected;
  private FoundFunction found;
  private Answer last;

  /** Plugs the card in and connects to it. */
  public FakeRootComplex(PciFunction card) {
    this(card, EndpointOptions.DEFAULT, 1);
  }

  /**
   * Plugs the card in and connects to it.
   *
   * @param seed of what is random: how completions are split
   */
  public FakeRootComplex(PciFunction card, EndpointOptions options, long seed) {
    this(card, new FakeAgent(), options, seed);
  }

  /** As above, on an agent that others may use, too: other functions of the same card. */
  public FakeRootComplex(PciFunction card, FakeAgent agent, EndpointOptions options, long seed) {
    this.agent = agent;
    this.options = options;
    completer = new RootCompleter(sender, memory, new SplittableRandom(seed));
    receiver = new RootReceiver(sender, requester, completer, interrupts);
    endpoint = new FunctionEndpoint(card, agent, options);
    connect();
  }

  /** The card's thread and clock. */
  public FakeAgent agent() {
    return agent;
  }

  /** What the card may reach. */
  public GuestMemory memory() {
    return memory;
  }

  /** What the card has signalled. */
  public InterruptLog interrupts() {
    return interrupts;
  }

  public FunctionEndpoint endpoint() {
    return endpoint;
  }

  /** Towards the card: for credits and taps. Another one after each {@link #connect}. */
  public TlpPipe down() {
    return down;
  }

  /** From the card: for credits and taps. Another one after each {@link #connect}. */
  public TlpPipe up() {
    return up;
  }

  /** What {@link #enumerate} has found. */
  public FoundFunction found() {
    if (found == null) {
      throw new AssertionError("enumerate first");
    }
    return found;
  }

  // Time and turns

  /** Runs until nothing moves; time stands still. */
  public void run() {
    for (int step = 0; step < STEPS_MAX; step++) {
      if (!turn()) {
        return;
      }
    }
    throw new AssertionError("this never comes to rest");
  }

  /** Gives the card all that is on the way to it, before anything that it has put off. */
  public void deliverAll() {
    while (connected && down.deliver()) {}
  }

  /** One turn: a TLP in either direction, and what has been put off. Whether anything moved. */
  public boolean turn() {
    boolean moved = connected && up.deliver();
    moved |= connected && down.deliver();
    return agent.runTasks() | moved;
  }

  /** Lets time pass, then runs until nothing moves. */
  public void advance(long ns) {
    run();
    agent.advance(ns);
    run();
  }

  /** Runs until a condition holds, for cards whose back ends work on threads of their own. */
  public void await(String what, BooleanSupplier condition) {
    long startNs = System.nanoTime();
    run();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startNs > AWAIT_NS) {
        throw new AssertionError("waited in vain until " + what);
      }
      Thread.yield();
      run();
    }
  }

  // Configuration space

  /** Reads 1, 2 or 4 bytes inside a DW; all-ones when nobody answers. */
  public int configRead(int offset, int bytes) {
    Answer whole = finish(requester.configRead(offset, bytes));
    return (int) RootRequester.part(whole, offset & 3, bytes).value()
        & (bytes == 4 ? -1 : (1 << 8 * bytes) - 1);
  }

  /** Writes 1, 2 or 4 bytes inside a DW, and waits for the completion. */
  public void configWrite(int offset, int bytes, int value) {
    boolean command = offset == ConfigHeader.COMMAND;
    boolean on = (value & ConfigHeader.COMMAND_BUS_MASTER) != 0;
    // On before the card can know, off only when it has answered that it knows.
    receiver.busMaster(receiver.busMaster() || command && on);
    finish(requester.configWrite(offset, bytes, value));
    receiver.busMaster(receiver.busMaster() && (!command || on));
  }

  /** Reads, changes and writes some bits of a DW-aligned or word-aligned register. */
  public void configChange(int offset, int bytes, int clear, int set) {
    configWrite(offset, bytes, configRead(offset, bytes) & ~clear | set);
  }

  // Registers

  /** Reads a register of an assigned BAR: 1 to 8 bytes, I/O up to 4. All-ones on failure. */
  public long read(int bar, long offset, int bytes) {
    return readAsync(bar, offset, bytes).value() & (bytes == 8 ? -1 : (1L << 8 * bytes) - 1);
  }

  private Answer readAsync(int bar, long offset, int bytes) {
    FoundBar target = bar(bar);
    long address = target.address() + offset;
    if (target.kind() != BarKind.IO) {
      return finish(requester.memoryRead(address, bytes));
    }
    Answer whole = finish(requester.ioRead((int) address, bytes));
    return RootRequester.part(whole, (int) address & 3, bytes);
  }

  /** Writes a register of an assigned BAR, and runs until nothing moves. */
  public void write(int bar, long offset, int bytes, long value) {
    post(bar, offset, bytes, value);
    run();
  }

  /** Writes a register, but runs nothing: several may be under way. */
  public void post(int bar, long offset, int bytes, long value) {
    FoundBar target = bar(bar);
    long address = target.address() + offset;
    if (target.kind() == BarKind.IO) {
      finish(requester.ioWrite((int) address, bytes, (int) value));
    } else {
      requester.memoryWrite(address, RootRequester.bytes(value, bytes));
    }
  }

  /** MRd of 0 to 4096 bytes at any address inside a page. */
  public Answer memoryRead(long address, int bytes) {
    return finish(requester.memoryRead(address, bytes));
  }

  /** MRd as {@link #memoryRead}, without waiting; returns its tag, for {@link #answer}. */
  public int ask(long address, int bytes) {
    int tag = requester.memoryRead(address, bytes);
    run();
    return tag;
  }

  /** How a request of {@link #ask} has ended; null while it has not. */
  public Answer answer(int tag) {
    return requester.poll(tag);
  }

  /**
   * Sends memory as it is now along to the card, page by page, ahead of what is sent next; runs
   * nothing. Returns false when some of it was refused for want of credits: the card then asks.
   */
  public boolean push(long address, int bytes, boolean steady) {
    boolean all = true;
    int sent = 0;
    while (sent < bytes) {
      long at = address + sent;
      int part = (int) Math.min(bytes - sent, 4096 - (at & 4095));
      byte[] data = memory.getBytes(at, part);
      long to = down.claimPush(at, part, steady);
      if (to >= 0) {
        MemorySegment.copy(data, 0, down.segment(), ValueLayout.JAVA_BYTE, to, part);
        down.commit();
      }
      all &= to >= 0;
      sent += part;
    }
    return all;
  }

  /** Voids what was pushed before; runs nothing. */
  public void revoke() {
    down.revoke();
  }

  /** MWr of 1 to 4096 bytes at any address inside a page; runs until nothing moves. */
  public void memoryWrite(long address, byte[] bytes) {
    requester.memoryWrite(address, bytes);
    run();
  }

  /** How the last request that needs an answer ended. */
  public CompletionStatus lastStatus() {
    return last.status();
  }

  /** Puts any TLP on the way to the card, and runs until nothing moves. */
  public void send(byte[] bytes) {
    MemorySegment raw = MemorySegment.ofArray(bytes);
    if (TlpView.check(raw, 0, bytes.length) != null) {
      throw new AssertionError("a link would drop this: " + TlpView.check(raw, 0, bytes.length));
    }
    TlpView view = new TlpView().wrap(raw, 0, bytes.length);
    sender.send(
        view.flowClass(),
        bytes.length - view.dataBytes(),
        view.dataBytes(),
        (to, at) -> MemorySegment.copy(raw, 0, to, at, bytes.length));
    run();
  }

  // Enumeration

  /**
   * As a kernel does it: identity, BAR sizes and addresses, capabilities; then 4096-byte payloads
   * and reads, error reporting, memory, I/O and bus mastering on.
   */
  public FoundFunction enumerate() {
    found = new Enumeration(this).run();
    setUp();
    return found;
  }

  /** After a reset: addresses and controls again as {@link #enumerate} has found and set them. */
  public void setUp() {
    new Enumeration(this).setUp(found());
  }

  /** Max_Payload_Size and Max_Read_Request_Size of both ends, 128 to 4096. */
  public void payload(int payloadBytes, int readBytes) {
    new Enumeration(this).payload(found(), payloadBytes, readBytes);
    completer.payloadBytesMax(payloadBytes);
  }

  /** Switches bus mastering on or off. */
  public void busMaster(boolean on) {
    int bit = ConfigHeader.COMMAND_BUS_MASTER;
    configChange(ConfigHeader.COMMAND, 2, bit, on ? bit : 0);
  }

  // Interrupts

  /** Gives every MSI-X vector its message, unmasks and enables. Returns how many there are. */
  public int enableMsix() {
    return messages.enableMsix();
  }

  /** Masks or unmasks all MSI-X vectors by Function Mask. */
  public void maskMsix(boolean masked) {
    messages.maskMsix(masked);
  }

  /** Masks or unmasks one MSI-X vector in the table. */
  public void maskMsix(int vector, boolean masked) {
    messages.maskMsix(vector, masked);
  }

  /** Whether the Pending Bit Array holds a vector back. */
  public boolean msixPending(int vector) {
    return messages.msixPending(vector);
  }

  /** Programs and enables MSI with as many vectors as the function asks for. */
  public int enableMsi() {
    return messages.enableMsi();
  }

  /** Programs and enables MSI with this many vectors, a power of two. */
  public int enableMsi(int vectors) {
    return messages.enableMsi(vectors);
  }

  /** The MSI mask register: bit n masks vector n. */
  public void maskMsi(int mask) {
    configWrite(found().capability(CapabilityId.MSI) + Msi.MASK_64, 4, mask);
  }

  /** The MSI pending register. */
  public int msiPending() {
    return configRead(found().capability(CapabilityId.MSI) + Msi.PENDING_64, 4);
  }

  // Resets, and coming and going

  /** Function Level Reset; configuration space is as after power-on afterwards. */
  public void flr() {
    int control = found().capability(CapabilityId.PCI_EXPRESS) + PcieCapability.DEVICE_CONTROL;
    configChange(control, 2, 0, PcieCapability.INITIATE_FLR);
    receiver.busMaster(false);
  }

  /** Hot Reset: what is under way in either direction is forgotten by both sides. */
  public void hotReset() {
    while (down.deliver()) {
      agent.runTasks();
    }
    requester.forget();
    completer.forget();
    interrupts.release();
    receiver.busMaster(false);
    endpoint.onHotReset();
    run();
  }

  /** The link breaks: nothing that was under way arrives, and nobody says goodbye. */
  public void surpriseRemove() {
    connected = false;
    down.down();
    up.down();
    requester.forget();
    completer.forget();
    interrupts.release();
    receiver.busMaster(false);
    endpoint.onDown();
    run();
  }

  /**
   * Another function takes the place of this one, which is unplugged. It is connected and as after
   * a reset; software knows nothing of it, and goes on once the caller has {@link
   * FunctionEndpoint#restore restored} the other's state there.
   */
  public void replace(PciFunction card) {
    boolean mastering = receiver.busMaster();
    down.down();
    up.down();
    endpoint.unplug();
    interrupts.release();
    endpoint = new FunctionEndpoint(card, agent, options);
    connect();
    receiver.busMaster(mastering);
  }

  /** A new stream, and with it a fresh server. */
  public void connect() {
    down = new TlpPipe("root complex");
    up = new TlpPipe("card");
    down.join(receiver, endpoint);
    up.join(endpoint, receiver);
    sender.connect(down);
    connected = true;
    receiver.busMaster(false);
    endpoint.connect(up);
    run();
  }

  // Rudeness

  /** Holds the card's DMA reads back until {@link #releaseReads}. */
  public void holdReads(boolean hold) {
    completer.hold(hold);
  }

  /** How many DMA reads are held back. */
  public int heldReads() {
    return completer.held().size();
  }

  /** Answers DMA reads that were held back, in random order if asked for. */
  public void releaseReads(boolean shuffled) {
    completer.shuffle(shuffled);
    answerReads();
    run();
  }

  /** Answers DMA reads that were held back, in order, but runs nothing. */
  public void answerReads() {
    completer.release();
  }

  /** Loses DMA reads that were held back: nobody ever answers them. */
  public void loseReads() {
    completer.forget();
  }

  /** Answers every DMA read with this status from now on. */
  public void answerReads(CompletionStatus status) {
    completer.answer(status);
  }

  private FoundBar bar(int index) {
    FoundBar target = found().bars().get(index);
    if (target == null) {
      throw new AssertionError("no BAR " + index);
    }
    return target;
  }

  private Answer finish(int tag) {
    last = await(tag);
    return last;
  }

  private Answer await(int tag) {
    if (!connected) {
      requester.forget();
    }
    run();
    Answer answer = requester.poll(tag);
    if (answer == null) {
      throw new AssertionError("the card does not answer");
    }
    return answer;
  }
}
