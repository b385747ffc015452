package farslot.cards.nettlp;

import static farslot.cards.nettlp.NetTlpSpec.PAYLOAD_BYTES_MAX;
import static farslot.pcie.nettlp.NetTlpFormat.*;

import farslot.function.Dma;
import farslot.pcie.CompletionStatus;
import farslot.pcie.LittleEndian;
import farslot.pcie.Split;
import farslot.pcie.TlpEncoder;
import farslot.pcie.TlpType;
import farslot.pcie.TlpView;
import java.lang.foreign.MemorySegment;

/**
 * What the program wants of the server's memory: DMA of this function, so that it obeys bus
 * mastering and DMA windows, and stays in order, as that of every other card.
 */
final class ProgramRequests implements Dma.Done {
  /** Completions come from the root complex, whose number is 0. */
  private static final int ROOT_ID = 0;

  private final Outbox outbox;
  private final Dma dma;
  private final NetTlpCounters counters;
  private final ProgramRead[] reads = new ProgramRead[PORTS_OF_DEVICE];
  private boolean busMaster;

  ProgramRequests(Outbox outbox, Dma dma, NetTlpCounters counters) {
    this.outbox = outbox;
    this.dma = dma;
    this.counters = counters;
  }

  void busMaster(boolean enabled) {
    busMaster = enabled;
  }

  /** A request of the program, which has passed its checks. */
  void onRequest(int port, TlpView request) {
    int type = request.fmtType();
    if (TlpType.isMemoryWrite(type)) {
      write(request);
    } else if (isOfDevice(port) && portOfDevice(request.tag()) == port && request.tag() <= 0xFF) {
      if (TlpType.isMemoryRead(type)) {
        read(request);
      } else {
        unsupported(request);
      }
    } else {
      // The answer would go to another port than the one where it is waited for.
      counters.add(NetTlpEvent.BAD_PORT);
    }
  }

  private void write(TlpView request) {
    int bytes = request.enabledBytes();
    counters.add(NetTlpEvent.PROGRAM_WRITES);
    if (request.poisoned()) {
      counters.add(NetTlpEvent.BAD_POISONED);
    } else if (!busMaster) {
      counters.add(NetTlpEvent.PROGRAM_NOT_BUS_MASTER);
    } else if (request.contiguous() && bytes > 0) {
      long address = request.firstByteAddress();
      dma.write(address, request.segment(), request.dataOffset() + (address & 3), bytes);
    } else if (bytes > 0) {
      writeWithHoles(request);
    }
  }

  /** At most two DWs: byte for byte. */
  private void writeWithHoles(TlpView request) {
    int enables = request.firstBe() | request.lastBe() << 4;
    for (int i = 0; i < request.dataBytes(); i++) {
      if ((enables >> i & 1) != 0) {
        dma.write(request.address() + i, request.segment(), request.dataOffset() + i, 1);
      }
    }
  }

  private void read(TlpView request) {
    counters.add(NetTlpEvent.PROGRAM_READS);
    int tag = request.tag();
    if (reads[tag] == null) {
      reads[tag] = new ProgramRead();
    }
    ProgramRead read = reads[tag];
    if (read.waiting) {
      counters.add(NetTlpEvent.PROGRAM_TAG_IN_USE);
      return;
    }
    if (!busMaster) {
      counters.add(NetTlpEvent.PROGRAM_NOT_BUS_MASTER);
    }
    read.begin(request);
    int bytes = Math.max(1, request.enabledBytes());
    dma.read(request.firstByteAddress(), read.data(bytes), 0, bytes, this, tag);
  }

  /** Neither memory write nor read: UR, where an answer is due. */
  private void unsupported(TlpView request) {
    counters.add(NetTlpEvent.BAD_TYPE);
    if (request.flowClass() == farslot.pcie.FlowClass.NON_POSTED) {
      refuse(request, CompletionStatus.UR);
    }
  }

  @Override
  public void done(long tag, CompletionStatus status) {
    ProgramRead read = reads[(int) tag];
    read.waiting = false;
    if (status == CompletionStatus.SC) {
      answer(read);
    } else {
      counters.add(NetTlpEvent.PROGRAM_READS_FAILED);
      refuse(read.request, status);
    }
  }

  private void answer(ProgramRead read) {
    TlpView request = read.request;
    long address = request.firstByteAddress();
    int bytes = Math.max(1, request.enabledBytes());
    MemorySegment from = read.data(bytes);
    for (int sent = 0; sent < bytes; ) {
      int piece = Split.pieceBytes(address + sent, bytes - sent, PAYLOAD_BYTES_MAX);
      answerPiece(request, from, sent, piece, address + sent, bytes - sent);
      sent += piece;
    }
  }

  private void answerPiece(
      TlpView request, MemorySegment from, int offset, int bytes, long address, int byteCount) {
    MemorySegment to = outbox.segment();
    int lead = (int) address & 3;
    int header =
        TlpEncoder.completionWithData(
            to,
            Outbox.TLP,
            ROOT_ID,
            request.requesterId(),
            request.tag(),
            byteCount,
            (int) address & 0x7F,
            bytes);
    int dataBytes = TlpEncoder.dataBytes(lead, bytes);
    long data = Outbox.TLP + header;
    LittleEndian.i32(to, data, 0);
    LittleEndian.i32(to, data + dataBytes - 4, 0);
    MemorySegment.copy(from, offset, to, data + lead, bytes);
    outbox.sendTlp(portOfDevice(request.tag()), header + dataBytes);
  }

  private void refuse(TlpView request, CompletionStatus status) {
    int header =
        TlpEncoder.completion(
            outbox.segment(),
            Outbox.TLP,
            ROOT_ID,
            request.requesterId(),
            request.tag(),
            status,
            request.answerByteCount(),
            request.answerLowerAddress());
    outbox.sendTlp(portOfDevice(request.tag()), header);
  }

  /** The endpoint has abandoned what was under way: no {@link #done} will come. */
  void reset() {
    for (ProgramRead read : reads) {
      if (read != null) {
        read.waiting = false;
      }
    }
  }
}
