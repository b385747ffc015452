package farslot.bench.html;

import java.util.List;

/** What the page's words mean, for whoever sees it without the manual. */
final class Meanings {
  private Meanings() {}

  static final List<String> ALL =
      List.of(
          "<b>Ratio.</b> Registers and depth 1: median over the floor's median; 1 is perfect, larger"
              + " is worse. Elsewhere: operations a second over the floor's; 1 is perfect, smaller"
              + " is worse. All rounds of one together over all of the other; <i>rounds</i> shows the"
              + " least and the most that a single pair of rounds gave.",
          "<b>Operation.</b> From the call of the server's driver to its completion: doorbell,"
              + " command, data, completion entry and interrupt, all as TLPs over a TCP connection.",
          "<b>Round trips.</b> Frames that the server's end sends for one operation at depth 1, each"
              + " of which waits for an answer. Counted, not estimated.",
          "<b>cpu.</b> Processor time of both data threads for one operation. At depth 1 most of it"
              + " is looking for work; at depth it is the figure that a busy machine disturbs least.",
          "<b>Load.</b> Whatever else ran when this began. Beyond the number of processors, compare"
              + " ratios and processor time only, and nothing right of 99 %.",
          "<b>Wire.</b> From the time stamp that a frame carries to its arrival: the system call that"
              + " sends, TCP, and the reader's waking up. Both ends are in one process here, so that"
              + " one clock serves both.");
}
