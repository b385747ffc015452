package farslot.cards.nvme.guide;

import farslot.cards.nvme.spec.Opcode;
import farslot.cards.nvme.spec.Property;
import farslot.cards.nvme.spec.Sqe;
import farslot.function.MirrorPort;
import farslot.pcie.LittleEndian;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Submission queues behind a mirror. A doorbell is held back until its new entries are there, the
 * lists that they name, and the data that they send; then it is passed on, one after the other. A
 * command whose transfer nobody here knows would read or write the mirror alone: it is turned into
 * one that the controller refuses.
 */
final class MirroredSubmissions {
  /** Commands under way at most, of all queues. */
  private static final int COMMANDS_MAX = 1 << 15;

  /** Doorbells held back at most. */
  private static final int DOORBELLS_MAX = 1 << 12;

  /** In a cookie, that it is a doorbell's; above it the age of the queues. */
  private static final long DOORBELL = 1L << 30;

  private static final int AGE_SHIFT = 32;

  /** Reserved in both command sets: Invalid Command Opcode. */
  private static final int NO_OPCODE = 0x5F;

  private final MirrorPort port;
  private final MirrorEyes eyes;
  private final DataWalk walk;
  private final Namespaces namespaces;
  private final Transfer transfer;
  private final MirroredCompletions completions;
  private final long[] bases = new long[GuideLimits.QUEUE_ID_MAX + 1];
  private final int[] sizes = new int[GuideLimits.QUEUE_ID_MAX + 1];
  private final int[] tails = new int[GuideLimits.QUEUE_ID_MAX + 1];

  /** Commands that the device has been told of, by queue. */
  private final MirroredCommand[] told = new MirroredCommand[GuideLimits.QUEUE_ID_MAX + 1];

  private final List<MirroredCommand> commands = new ArrayList<>();
  private final List<MirroredDoorbell> doorbells = new ArrayList<>();
  private MirroredCommand freeCommands;
  private MirroredDoorbell freeDoorbells;
  private MirroredDoorbell heldFirst;
  private MirroredDoorbell heldLast;
  private int pageBytes;
  private int active;
  private long age;

  /** The controller's queues cannot be read any more: it is told of nothing until it is reset. */
  private boolean dead;

  MirroredSubmissions(
      MirrorPort port, MirrorEyes eyes, Namespaces namespaces, MirroredCompletions completions) {
    this.port = port;
    this.eyes = eyes;
    this.namespaces = namespaces;
    this.completions = completions;
    transfer = new Transfer(namespaces);
    walk = new DataWalk(eyes);
  }

  /** The controller is off: what is under way is void. */
  void close() {
    age++;
    dead = false;
    active = 0;
    Arrays.fill(sizes, 0);
    Arrays.fill(told, null);
    commands.clear();
    doorbells.clear();
    freeCommands = null;
    freeDoorbells = null;
    heldFirst = null;
    heldLast = null;
    port.watch(false);
  }

  /** It is on. */
  void open(long asq, int entries, int memoryPageBytes) {
    pageBytes = memoryPageBytes;
    openQueue(0, asq, entries);
  }

  private void openQueue(int id, long base, int entries) {
    if (eyes.holds(base, (long) entries * Sqe.BYTES)) {
      bases[id] = base;
      sizes[id] = entries;
      tails[id] = 0;
      told[id] = null;
    }
  }

  /** A tail doorbell; false if the device shall be told of it as it is. */
  boolean rung(int id, int tail, long offset) {
    if (dead) {
      return true;
    }
    if (id >= sizes.length || tail >= sizes[id]) {
      return false;
    }
    MirroredDoorbell bell = takeDoorbell();
    if (bell == null) {
      dead = true;
      return true;
    }
    bell.queue = id;
    bell.tail = tail;
    bell.offset = offset;
    bell.first = tails[id];
    bell.count = tail >= bell.first ? tail - bell.first : tail - bell.first + sizes[id];
    tails[id] = tail;
    hold(bell);
    fetchEntries(bell);
    return true;
  }

  private void hold(MirroredDoorbell bell) {
    if (heldLast == null) {
      heldFirst = bell;
    } else {
      heldLast.next = bell;
    }
    heldLast = bell;
  }

  private void fetchEntries(MirroredDoorbell bell) {
    int before = Math.min(bell.count, sizes[bell.queue] - bell.first);
    int behind = bell.count - before;
    bell.due = (before > 0 ? 1 : 0) + (behind > 0 ? 1 : 0);
    long cookie = age << AGE_SHIFT | DOORBELL | bell.index;
    long base = bases[bell.queue];
    if (before > 0) {
      port.fetch(base + (long) bell.first * Sqe.BYTES, before * Sqe.BYTES, cookie);
    }
    if (behind > 0) {
      port.fetch(base, behind * Sqe.BYTES, cookie);
    }
    if (bell.due == 0) {
      passOn();
    }
  }

  void fetched(long cookie, boolean ok) {
    if (cookie >>> AGE_SHIFT != age || dead) {
      return;
    }
    int index = (int) (cookie & DOORBELL - 1);
    if ((cookie & DOORBELL) == 0) {
      MirroredCommand command = commands.get(index);
      command.failed |= !ok;
      if (--command.due == 0) {
        proceed(command);
      }
      return;
    }
    dead = !ok;
    MirroredDoorbell bell = doorbells.get(index);
    if (ok && --bell.due == 0) {
      begin(bell);
    }
  }

  /** All its entries are in the mirror. */
  private void begin(MirroredDoorbell bell) {
    bell.due = bell.count + 1;
    for (int i = 0; i < bell.count && !dead; i++) {
      int entry = (bell.first + i) % sizes[bell.queue];
      MirroredCommand command = takeCommand();
      if (command == null) {
        dead = true;
        return;
      }
      long at = bases[bell.queue] + (long) entry * Sqe.BYTES;
      command.begin(bell.queue, at, bell);
      command.sqe.copyFrom(port.memory().asSlice(at, Sqe.BYTES));
      command.cid = LittleEndian.u16(command.sqe, Sqe.CID);
      command.opcode = LittleEndian.u8(command.sqe, Sqe.OPCODE);
      begin(command);
    }
    complete(bell);
  }

  private void begin(MirroredCommand command) {
    boolean admin = command.queue == 0;
    if (admin && !follow(command)) {
      refuse(command);
      return;
    }
    transfer.of(admin, command.sqe, 0);
    command.toController = transfer.toController;
    boolean both = (command.opcode & Opcode.DIRECTION_MASK) == Opcode.DIRECTION_MASK;
    boolean strange = transfer.unknown || both && transfer.bytes > 0;
    if (strange || transfer.bytes > GuideLimits.WALKED_BYTES_MAX) {
      refuse(command);
    } else if (transfer.bytes == 0) {
      ready(command);
    } else {
      proceed(command);
    }
  }

  /** Looks for a command's data, as far as its lists are there, and fetches what is missing. */
  private void proceed(MirroredCommand command) {
    if (command.failed) {
      refuse(command);
      return;
    }
    if (command.toController && command.ranges() > 0) {
      ready(command); // That was its data.
      return;
    }
    transfer.of(command.queue == 0, command.sqe, 0);
    if (transfer.unknown) {
      refuse(command); // What its blocks are has been forgotten meanwhile.
      return;
    }
    eyes.look(command);
    walk.begin(pageBytes);
    boolean known = walk.show(command.sqe, 0, transfer);
    if (!known && eyes.isMissing()) {
      fetchList(command);
    } else if (!known || eyes.tooMany()) {
      command.forgetRanges();
      refuse(command);
    } else if (command.toController && command.ranges() > 0) {
      fetchData(command);
    } else {
      ready(command);
    }
  }

  private void fetchList(MirroredCommand command) {
    command.forgetRanges(); // Some of them: the walk has come as far as the list.
    if (command.addList(eyes.missingAddress(), eyes.missingBytes())) {
      command.due = 1;
      port.fetch(eyes.missingAddress(), eyes.missingBytes(), age << AGE_SHIFT | command.index);
    } else {
      refuse(command);
    }
  }

  private void fetchData(MirroredCommand command) {
    command.due = command.ranges();
    for (int i = 0; i < command.ranges(); i++) {
      long cookie = age << AGE_SHIFT | command.index;
      port.fetch(command.rangeAddress(i), command.rangeBytes(i), cookie);
    }
  }

  /** Lets the controller refuse a command: it finds another opcode than the server has written. */
  private void refuse(MirroredCommand command) {
    command.forgetRanges();
    LittleEndian.u8(port.memory(), command.address + Sqe.OPCODE, NO_OPCODE);
    command.opcode = NO_OPCODE;
    ready(command);
  }

  private void ready(MirroredCommand command) {
    command.next = told[command.queue];
    told[command.queue] = command;
    active += counts(command) ? 1 : 0;
    complete(command.doorbell);
  }

  /** Not those that a controller keeps until something happens. */
  private static boolean counts(MirroredCommand command) {
    return command.queue != 0 || command.opcode != Opcode.ASYNC_EVENT_REQUEST;
  }

  private void complete(MirroredDoorbell bell) {
    if (--bell.due == 0) {
      bell.count = 0;
      passOn();
    }
  }

  /** Tells the device of the doorbells whose commands are in the mirror, in order. */
  private void passOn() {
    while (heldFirst != null && heldFirst.due == 0 && !dead) {
      MirroredDoorbell bell = heldFirst;
      heldFirst = bell.next;
      heldLast = heldFirst == null ? null : heldLast;
      port.pass(NvmeMirror.BAR, bell.offset, 4, bell.tail);
      bell.next = freeDoorbells;
      freeDoorbells = bell;
    }
    port.watch(active > 0);
  }

  /** A command has been completed: it, or null. To be given back by {@link #release}. */
  MirroredCommand completed(int queue, int cid) {
    if (queue >= told.length) {
      return null;
    }
    MirroredCommand before = null;
    for (MirroredCommand each = told[queue]; each != null; each = each.next) {
      if (each.cid == cid) {
        if (before == null) {
          told[queue] = each.next;
        } else {
          before.next = each.next;
        }
        return each;
      }
      before = each;
    }
    return null;
  }

  void release(MirroredCommand command) {
    active -= counts(command) ? 1 : 0;
    command.next = freeCommands;
    freeCommands = command;
    if (active == 0) {
      port.watch(false);
    }
  }

  private MirroredCommand takeCommand() {
    MirroredCommand command = freeCommands;
    if (command != null) {
      freeCommands = command.next;
    } else if (commands.size() < COMMANDS_MAX) {
      command = new MirroredCommand(commands.size());
      commands.add(command);
    }
    return command;
  }

  private MirroredDoorbell takeDoorbell() {
    MirroredDoorbell bell = freeDoorbells;
    if (bell != null) {
      freeDoorbells = bell.next;
    } else if (doorbells.size() < DOORBELLS_MAX) {
      bell = new MirroredDoorbell(doorbells.size());
      doorbells.add(bell);
    }
    if (bell != null) {
      bell.next = null;
    }
    return bell;
  }

  /** Learns from an admin command; false for one that no mirror can do. */
  private boolean follow(MirroredCommand command) {
    int cdw10 = LittleEndian.i32(command.sqe, Sqe.CDW10);
    int id = cdw10 & 0xFFFF;
    int entries = (cdw10 >>> 16) + 1;
    long base = LittleEndian.i64(command.sqe, Sqe.PRP1);
    boolean known = id > 0 && id <= GuideLimits.QUEUE_ID_MAX;
    boolean contiguous = (LittleEndian.i32(command.sqe, Sqe.CDW11) & 1) != 0;
    switch (command.opcode) {
      case Opcode.CREATE_IO_SQ -> {
        if (known && contiguous) {
          openQueue(id, base, entries);
        }
        return known && contiguous && sizes[id] != 0;
      }
      case Opcode.CREATE_IO_CQ -> {
        return known && contiguous && completions.open(id, base, entries);
      }
      case Opcode.IDENTIFY -> namespaces.identify(command.sqe, 0);
      case Opcode.FORMAT_NVM,
          Opcode.NAMESPACE_MANAGEMENT,
          Opcode.NAMESPACE_ATTACHMENT,
          Opcode.SANITIZE ->
          namespaces.forget();
      case Opcode.DOORBELL_BUFFER_CONFIG -> {
        return false; // Doorbells in memory would not be seen here.
      }
      default -> {
        // Changes nothing that has to be known.
      }
    }
    return true;
  }

  /** Bytes from doorbell to doorbell, as CAP says. */
  static int stride(long cap) {
    return 4 << (int) (cap >>> Property.CAP_DSTRD_SHIFT & Property.CAP_DSTRD_MASK);
  }
}
