package farslot.bench.files;

import farslot.backend.BackEndFactory;
import farslot.function.BlockStore;
import farslot.function.CardConfig;
import farslot.function.CardConfigException;
import farslot.linux.DiskFile;
import farslot.linux.ErrnoException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** How a file is used. The first is what the others are compared with. */
enum Way {
  /** Hits at once, all else by threads. */
  INLINE_POOL("pool", true, false),
  POOL("pool", false, false),
  URING("uring", false, false),
  INLINE_URING("uring", true, false),
  DIRECT_POOL("pool", false, true),
  DIRECT_URING("uring", false, true),
  /** Everything by calls that wait, on the agent thread: what nobody should do. */
  WAITING("", false, false);

  private final String io;
  private final boolean inline;
  private final boolean direct;

  Way(String io, boolean inline, boolean direct) {
    this.io = io;
    this.inline = inline;
    this.direct = direct;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For the table, as a configuration says it. */
  String words() {
    if (io.isEmpty()) {
      return "system calls that wait";
    }
    return "io: " + io + (inline ? ", inline" : "") + (direct ? ", direct" : "");
  }

  BlockStore open(Path file, BackEndFactory factory) throws CardConfigException, ErrnoException {
    if (io.isEmpty()) {
      return new WaitingStore(DiskFile.open(file.toString(), false));
    }
    Map<String, Object> values = new HashMap<>();
    values.put("file", file.toString());
    values.put("io", io);
    values.put("inline", inline);
    values.put("direct", direct);
    return factory.block(new CardConfig("bench", values));
  }
}
