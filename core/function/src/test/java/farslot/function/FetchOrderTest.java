package farslot.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FetchOrderTest {
  @Test
  void takesInTheOrderOfBeginning() {
    FetchOrder order = new FetchOrder(3);
    int first = order.begin(5);
    int second = order.begin(7);
    order.ended(second);
    assertThat(order.take()).isZero();
    order.ended(first);
    assertThat(order.take()).isEqualTo(5);
    assertThat(order.take()).isEqualTo(7);
    assertThat(order.take()).isZero();
    assertThat(order.underWay()).isZero();
  }

  @Test
  void dropsWhatWillNotEnd() {
    FetchOrder order = new FetchOrder(2);
    order.begin(1);
    order.begin(2);
    assertThat(order.hasRoom()).isFalse();
    assertThat(order.drop()).isEqualTo(1);
    assertThat(order.drop()).isEqualTo(2);
    assertThat(order.underWay()).isZero();
    order.begin(3);
    order.clear();
    assertThat(order.hasRoom()).isTrue();
    assertThat(order.take()).isZero();
  }

  @Test
  void isARingInWhateverOrderTheyEnd() {
    SplittableRandom random = new SplittableRandom(4);
    FetchOrder order = new FetchOrder(16);
    Deque<Integer> begun = new ArrayDeque<>();
    List<Integer> open = new ArrayList<>();
    for (int step = 0; step < 10_000; step++) {
      if (order.hasRoom() && random.nextBoolean()) {
        int count = 1 + random.nextInt(128);
        begun.add(count);
        open.add(order.begin(count));
      } else if (!open.isEmpty()) {
        order.ended(open.remove(random.nextInt(open.size())));
      }
      for (int count = order.take(); count > 0; count = order.take()) {
        assertThat(count).isEqualTo(begun.remove());
      }
      assertThat(order.underWay()).isEqualTo(begun.size());
    }
  }
}
