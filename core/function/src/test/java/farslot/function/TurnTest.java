package farslot.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class TurnTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private int done;
  private int again;

  private final Agent agent =
      new Agent() {
        @Override
        public long nowNs() {
          return 0;
        }

        @Override
        public Timer timer(Runnable task) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void execute(Runnable task) {
          tasks.add(task);
        }
      };
  private final Turn turn = new Turn(agent, this::work);

  private void work() {
    done++;
    if (again-- > 0) {
      turn.later();
    }
  }

  @Test
  void isDoneOnceHoweverOftenItIsAskedFor() {
    turn.later();
    turn.later();
    assertThat(done).isZero();
    assertThat(turn.isDue()).isTrue();
    assertThat(tasks).hasSize(1);
    tasks.poll().run();
    assertThat(done).isEqualTo(1);
    assertThat(turn.isDue()).isFalse();
  }

  @Test
  void mayBeAskedForFromInside() {
    again = 1;
    turn.later();
    tasks.poll().run();
    assertThat(turn.isDue()).isTrue();
    tasks.poll().run();
    assertThat(done).isEqualTo(2);
    assertThat(tasks).isEmpty();
  }
}
