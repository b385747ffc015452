package farslot.linux;

import static org.assertj.core.api.Assertions.assertThat;

import farslot.chance.Fuzz;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class EventLoopTest {
  private static final long SPIN_NS = 50_000;

  @Test
  void tasksFromManyThreadsAllRunOnTheLoopInTheirOrder() throws Exception {
    EventLoop loop = new EventLoop("test", SPIN_NS);
    Thread thread = loop.start();
    int producers = 4;
    int each = 20_000;
    int[] last = new int[producers];
    AtomicInteger disorder = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(producers * each);
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      int producer = p;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 1; i <= each; i++) {
                      int number = i;
                      loop.execute(
                          () -> {
                            if (last[producer] != number - 1 || !loop.onLoop()) {
                              disorder.incrementAndGet();
                            }
                            last[producer] = number;
                            all.countDown();
                          });
                    }
                  }));
    }
    assertThat(all.await(120, TimeUnit.SECONDS)).isTrue();
    assertThat(disorder).hasValue(0);
    loop.close();
    thread.join();
  }

  @Test
  void aSleepingLoopIsWokenByATask() throws Exception {
    EventLoop loop = new EventLoop("test", 0);
    Thread thread = loop.start();
    for (int i = 0; i < 200; i++) {
      CountDownLatch done = new CountDownLatch(1);
      if (i % 50 == 0) {
        Thread.sleep(5);
      }
      loop.execute(done::countDown);
      assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
    }
    loop.close();
    thread.join();
  }

  @Test
  void whatATurnPostsRunsBeforeItsEndAndStarvesNobody() throws Exception {
    EventLoop loop = new EventLoop("test", SPIN_NS);
    List<String> order = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    loop.addTurnEnd(
        nowNs -> {
          if (!order.isEmpty()) {
            order.add("end");
            done.countDown();
          }
        });
    loop.timer(
            () -> {
              order.add("timer");
              loop.execute(
                  () -> {
                    order.add("task");
                    loop.execute(() -> order.add("its task"));
                  });
            })
        .arm(0);
    Thread thread = loop.start();
    assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
    CountDownLatch fired = new CountDownLatch(1);
    Runnable[] again = new Runnable[1];
    again[0] = () -> loop.execute(again[0]);
    loop.execute(
        () -> {
          again[0].run();
          loop.timer(fired::countDown).arm(1_000_000);
        });
    assertThat(fired.await(120, TimeUnit.SECONDS)).isTrue();
    loop.close();
    thread.join();
    assertThat(order.subList(0, 4)).containsExactly("timer", "task", "its task", "end");
  }

  @Test
  void timersFireInOrderOfTheirDeadlinesAndCancelledOnesDoNot() throws Exception {
    EventLoop loop = new EventLoop("test", SPIN_NS);
    List<Integer> fired = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    List<EventLoop.Timer> timers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int number = i;
      timers.add(loop.timer(() -> fired.add(number)));
    }
    long msNs = 1_000_000;
    timers.get(0).arm(30 * msNs);
    timers.get(1).arm(10 * msNs);
    timers.get(2).arm(20 * msNs);
    timers.get(3).arm(5 * msNs);
    timers.get(3).cancel();
    timers.get(4).arm(1 * msNs);
    timers.get(4).arm(40 * msNs);
    loop.timer(done::countDown).arm(60 * msNs);
    Thread thread = loop.start();
    assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
    loop.close();
    thread.join();
    assertThat(fired).containsExactly(1, 2, 0, 4);
  }

  @Test
  void theHeapAgreesWithASortedList() {
    long seed = Fuzz.seed();
    Random random = new Random(seed);
    TimerHeap heap = new TimerHeap();
    List<TimerHeap.Entry> entries = new ArrayList<>();
    List<TimerHeap.Entry> armed = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      entries.add(heap.entry(() -> {}));
    }
    long farNs = 1_000_000_000_000L;
    for (int i = 0; i < 20_000; i++) {
      TimerHeap.Entry entry = entries.get(random.nextInt(entries.size()));
      armed.remove(entry);
      if (random.nextInt(3) == 0) {
        entry.cancel();
      } else {
        entry.arm(random.nextLong(farNs));
        armed.add(entry);
      }
    }
    int count = 0;
    long lastNs = Long.MIN_VALUE;
    while (!heap.isEmpty()) {
      long delayNs = heap.delayNs(0);
      assertThat(delayNs).as("seed %d", seed).isGreaterThanOrEqualTo(lastNs);
      lastNs = delayNs;
      assertThat(armed.remove(heap.expired(System.nanoTime() + 2 * farNs))).isTrue();
      count++;
    }
    assertThat(armed).as("seed %d", seed).isEmpty();
    assertThat(count).isPositive();
  }

  @Test
  void whateverThrowsIsReportedAndTheLoopLives() throws Exception {
    EventLoop loop = new EventLoop("test", SPIN_NS);
    List<String> failures = new ArrayList<>();
    loop.failures(
        (source, cause) -> {
          failures.add(cause.getMessage());
          throw new IllegalStateException("the failure handler itself");
        });
    int event = EventFd.create();
    EventFd.signal(event);
    loop.watch(event, EventLoop.READ, ready -> fail("handler"));
    loop.timer(() -> fail("timer")).arm(0);
    loop.execute(() -> fail("task"));
    AtomicReference<EventLoop.TurnEnd> turnEnd = new AtomicReference<>();
    turnEnd.set(
        nowNs -> {
          loop.removeTurnEnd(turnEnd.get());
          fail("turn end");
        });
    loop.addTurnEnd(turnEnd.get());
    AtomicReference<EventLoop.Poller> poller = new AtomicReference<>();
    poller.set(
        nowNs -> {
          loop.removePoller(poller.get());
          throw new AssertionError("poller");
        });
    loop.addPoller(poller.get());
    Thread thread = loop.start();
    CountDownLatch later = new CountDownLatch(1);
    Thread.sleep(20);
    loop.execute(later::countDown);
    assertThat(later.await(120, TimeUnit.SECONDS)).isTrue();
    loop.close();
    thread.join();
    Fd.close(event);
    assertThat(failures)
        .containsExactlyInAnyOrder("handler", "timer", "task", "turn end", "poller");
  }

  @Test
  void aHandlerMayForgetAndCloseAnotherThatIsReadyInTheSameTurn() throws Exception {
    EventLoop loop = new EventLoop("test", SPIN_NS);
    int[] events = {EventFd.create(), EventFd.create()};
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      int mine = i;
      EventFd.signal(events[i]);
      loop.watch(
          events[i],
          EventLoop.READ,
          ready -> {
            calls.incrementAndGet();
            loop.unwatch(events[mine]);
            loop.unwatch(events[1 - mine]);
            Fd.close(events[1 - mine]);
            done.countDown();
          });
    }
    Thread thread = loop.start();
    assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
    loop.close();
    thread.join();
    assertThat(calls).hasValue(1);
  }

  @Test
  void interestCanBeTakenAwayAndGivenBack() throws Exception {
    EventLoop loop = new EventLoop("test", SPIN_NS);
    int event = EventFd.create();
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch resumed = new CountDownLatch(1);
    EventLoop.Handler handler =
        new EventLoop.Handler() {
          @Override
          public void onReady(int ready) {
            assertThat(ready).isEqualTo(EventLoop.READ);
            if (calls.incrementAndGet() == 1) {
              loop.watch(event, 0, this);
              loop.timer(() -> loop.watch(event, EventLoop.READ, this)).arm(5_000_000);
            } else {
              loop.unwatch(event);
              resumed.countDown();
            }
          }
        };
    loop.watch(event, EventLoop.READ, handler);
    EventFd.signal(event);
    Thread thread = loop.start();
    assertThat(resumed.await(120, TimeUnit.SECONDS)).isTrue();
    assertThat(calls).hasValue(2);
    loop.close();
    thread.join();
    Fd.close(event);
  }

  @Test
  void aPollerIsServedWhileTheLoopIsOtherwiseIdle() throws Exception {
    EventLoop loop = new EventLoop("test", SPIN_NS);
    AtomicInteger door = new AtomicInteger();
    CountDownLatch seen = new CountDownLatch(1);
    loop.addPoller(
        nowNs -> {
          if (door.getAndSet(0) == 0) {
            return 0;
          }
          seen.countDown();
          return 1;
        });
    Thread thread = loop.start();
    Thread.sleep(30);
    door.set(1);
    assertThat(seen.await(120, TimeUnit.SECONDS)).isTrue();
    loop.close();
    thread.join();
  }

  @Test
  void anIdleLoopUsesNoProcessorAndAPingedOneAllocatesNothing() throws Exception {
    EventLoop loop = new EventLoop("test", SPIN_NS);
    int[] pair = UnixSocket.pair();
    Echo echo = new Echo(pair[1]);
    loop.watch(pair[1], EventLoop.READ, echo);
    EventLoop.Timer[] timer = new EventLoop.Timer[1];
    timer[0] = loop.timer(() -> timer[0].arm(1_000_000));
    timer[0].arm(1_000_000);
    Thread thread = loop.start();
    MemorySegment buffer = Arena.ofAuto().allocate(64, 8);
    for (int i = 0; i < 10_000; i++) {
      ping(pair[0], buffer);
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = thread.threadId();
    long leastBytes = Long.MAX_VALUE;
    for (int round = 0; round < 100 && leastBytes > 0; round++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < 2_000; i++) {
        ping(pair[0], buffer);
      }
      leastBytes = Math.min(leastBytes, threads.getThreadAllocatedBytes(id) - before);
    }
    assertThat(leastBytes).as("bytes for 2000 events").isLessThan(2_000);

    CountDownLatch calm = new CountDownLatch(1);
    loop.execute(
        () -> {
          timer[0].cancel();
          calm.countDown();
        });
    calm.await();
    Thread.sleep(50);
    long cpuBefore = threads.getThreadCpuTime(id);
    Thread.sleep(400);
    assertThat(threads.getThreadCpuTime(id) - cpuBefore).isLessThan(20_000_000L);
    loop.close();
    thread.join();
    Fd.closeAll(pair, 2);
  }

  @Test
  void aLoopThatEndsClosesWhatItOpenedAndIgnoresLaterTasks() throws Exception {
    new EventLoop("warm", 0).close();
    long before = OpenFds.count();
    for (int i = 0; i < 50; i++) {
      EventLoop loop = new EventLoop("test", 0);
      if (i % 2 == 0) {
        Thread thread = loop.start();
        loop.close();
        thread.join();
      } else {
        loop.close();
      }
      loop.execute(() -> fail("too late"));
      loop.close();
    }
    assertThat(OpenFds.count()).isEqualTo(before);
  }

  @Test
  void theSpinBudgetShrinksWhenEventsAreRareAndComesBack() {
    SpinBudget budget = new SpinBudget(1000, 0);
    assertThat(budget.spins(61)).isTrue();
    assertThat(budget.spins(63)).isFalse();
    budget.onFound(1500);
    budget.onHandled(1600);
    assertThat(budget.spins(2599)).isTrue();
    assertThat(budget.spins(2601)).isFalse();
    long nowNs = 1600;
    for (int i = 0; i < SpinBudget.MISSES_MAX; i++) {
      assertThat(budget.spins(nowNs + 999)).isTrue();
      nowNs += 100_000;
      budget.onFound(nowNs);
      budget.onHandled(nowNs);
    }
    assertThat(budget.spins(nowNs + 100)).isFalse();
  }

  @Test
  void theSchedulerIsAskedForShortTurnsAndPunctualTimers() throws Exception {
    int[] answers = {-1, -1};
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  answers[0] = Scheduling.shortTurns(100_000).orElse(0);
                  answers[1] = Scheduling.timerSlack(5_000);
                });
    thread.join();
    assertThat(answers).containsExactly(0, 0);
  }

  private static void fail(String why) {
    throw new IllegalStateException(why);
  }

  private static void ping(int fd, MemorySegment buffer) throws ErrnoException {
    Sockets.send(fd, buffer, 0, 8);
    while (Sockets.receive(fd, buffer, 0, 64) == Fd.AGAIN) {
      Thread.yield();
    }
  }

  private static final class Echo implements EventLoop.Handler {
    private final int fd;
    private final UnixMessage message = new UnixMessage();
    private final MemorySegment buffer = Arena.ofAuto().allocate(64, 8);

    Echo(int fd) {
      this.fd = fd;
    }

    @Override
    public void onReady(int ready) {
      try {
        int bytes = message.receive(fd, buffer, 0, 64);
        if (bytes > 0) {
          Sockets.send(fd, buffer, 0, bytes);
        }
      } catch (ErrnoException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
