package farslot.bench.path;

import farslot.linux.ErrnoException;
import farslot.linux.EventLoop;
import farslot.linux.Fd;
import farslot.linux.Sockets;
import farslot.linux.TcpSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.HdrHistogram.Histogram;

/**
 * The floor: what bare TCP does between two threads of the same kind, with the same sockets and the
 * same way of waiting, and nothing of Farslot in between. A client keeps a number of requests
 * outstanding; a server answers each with a reply of a fixed size.
 */
final class RawTcp implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int READ_BYTES = 1 << 18;

  private final EventLoop serverLoop;
  private final EventLoop clientLoop;
  private final Thread serverThread;
  private final Thread clientThread;
  private final Buffers serverBuffers = new Buffers();
  private final Buffers clientBuffers = new Buffers();

  /** An end's, kept from run to run so that none begins with memory never touched. */
  private static final class Buffers {
    private final Arena arena = Arena.ofAuto();
    final MemorySegment out = arena.allocate(BUFFER_BYTES, 64);
    final MemorySegment in = arena.allocate(READ_BYTES, 64);
  }

  RawTcp(long spinNs) {
    serverLoop = new EventLoop("floor-server", spinNs);
    clientLoop = new EventLoop("floor-client", spinNs);
    serverThread = serverLoop.start();
    clientThread = clientLoop.start();
  }

  /** Runs exchanges for a time; what they cost goes into the histogram, nanoseconds each. */
  Sample run(BenchCase of, long forNs, Histogram into) throws Exception {
    int requestBytes = of.requestBytes();
    int replyBytes = of.replyBytes();
    int depth = of.load().depth();
    int listener = TcpSocket.listen(new InetSocketAddress("127.0.0.1", 0), 1);
    try (Rounds rounds = new Rounds()) {
      InetSocketAddress at = TcpSocket.localAddress(listener);
      int client = TcpSocket.connect(at);
      int server = accept(listener);
      Server answering = new Server(server, requestBytes, replyBytes);
      Client asking = new Client(client, requestBytes, replyBytes, depth, forNs, into, rounds);
      long before = Meter.processorNs(serverThread, clientThread);
      rounds.on(serverLoop, answering::start);
      rounds.on(clientLoop, asking::start);
      rounds.await(forNs);
      long used = Meter.processorNs(serverThread, clientThread) - before;
      rounds.on(clientLoop, asking::close);
      rounds.on(serverLoop, answering::close);
      return new Sample(asking.done, asking.elapsedNs(), used);
    } finally {
      Fd.close(listener);
    }
  }

  private static int accept(int listener) throws ErrnoException, InterruptedException {
    int fd = Sockets.accept(listener);
    while (fd == Fd.AGAIN) {
      Thread.sleep(1);
      fd = Sockets.accept(listener);
    }
    return fd;
  }

  /** One end: sends what it owes, and counts what comes. */
  private abstract class End {
    final int fd;
    private final EventLoop loop;
    private final MemorySegment out;
    private final MemorySegment in;
    private long owed;
    private boolean blocked;
    private boolean closed;

    End(int fd, EventLoop loop, Buffers buffers) throws ErrnoException {
      this.fd = fd;
      this.loop = loop;
      this.out = buffers.out;
      this.in = buffers.in;
      TcpSocket.noDelay(fd);
    }

    void start() {
      loop.watch(fd, EventLoop.READ, this::onReady);
    }

    void owe(long bytes) {
      owed += bytes;
    }

    abstract void onReceived(int bytes);

    private void onReady(int ready) {
      try {
        if ((ready & EventLoop.READ) != 0) {
          receive();
        }
        send();
      } catch (ErrnoException e) {
        close(); // The other end has gone: its run is over.
      }
    }

    private void receive() throws ErrnoException {
      int read = Sockets.receive(fd, in, 0, READ_BYTES);
      if (read > 0) {
        onReceived(read);
      } else if (read == Fd.END) {
        close();
      }
    }

    void send() throws ErrnoException {
      while (owed > 0 && !closed) {
        int sent = Sockets.send(fd, out, 0, (int) Math.min(owed, BUFFER_BYTES));
        if (sent == Fd.AGAIN) {
          break;
        }
        owed -= sent;
      }
      boolean now = owed > 0;
      if (now != blocked && !closed) {
        blocked = now;
        loop.watch(fd, EventLoop.READ | (now ? EventLoop.WRITE : 0), this::onReady);
      }
    }

    void close() {
      if (!closed) {
        closed = true;
        loop.unwatch(fd);
        Fd.close(fd);
      }
    }
  }

  private final class Server extends End {
    private final int requestBytes;
    private final int replyBytes;
    private long received;

    Server(int fd, int requestBytes, int replyBytes) throws ErrnoException {
      super(fd, serverLoop, serverBuffers);
      this.requestBytes = requestBytes;
      this.replyBytes = replyBytes;
    }

    @Override
    void onReceived(int bytes) {
      long before = received / requestBytes;
      received += bytes;
      owe((received / requestBytes - before) * replyBytes);
    }
  }

  private final class Client extends End {
    private final int requestBytes;
    private final int replyBytes;
    private final long forNs;
    private final Histogram into;
    private final Rounds rounds;
    private final long[] begun;
    private int first;
    private long received;
    private long startNs;
    private long endNs;
    private volatile long done;

    Client(
        int fd,
        int requestBytes,
        int replyBytes,
        int depth,
        long forNs,
        Histogram into,
        Rounds rounds)
        throws ErrnoException {
      super(fd, clientLoop, clientBuffers);
      this.requestBytes = requestBytes;
      this.replyBytes = replyBytes;
      this.forNs = forNs;
      this.into = into;
      this.rounds = rounds;
      this.begun = new long[depth];
    }

    @Override
    void start() {
      super.start();
      startNs = System.nanoTime();
      java.util.Arrays.fill(begun, startNs);
      owe((long) begun.length * requestBytes);
      try {
        send();
      } catch (ErrnoException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    void onReceived(int bytes) {
      long before = received / replyBytes;
      received += bytes;
      long replies = received / replyBytes - before;
      long now = System.nanoTime();
      if (endNs != 0) {
        return;
      }
      for (long i = 0; i < replies; i++) {
        into.recordValue(now - begun[first]);
        begun[first] = now;
        first = first + 1 == begun.length ? 0 : first + 1;
      }
      done += replies;
      if (now - startNs < forNs) {
        owe(replies * requestBytes);
      } else {
        endNs = now;
        rounds.finished();
      }
    }

    long elapsedNs() {
      return endNs - startNs;
    }
  }

  @Override
  public void close() {
    serverLoop.close();
    clientLoop.close();
  }
}
