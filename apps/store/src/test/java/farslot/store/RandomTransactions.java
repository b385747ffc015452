package farslot.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;

/** Transactions on few keys, so that they get into each other's way. */
public final class RandomTransactions {
  private final Random random;
  private final LongSupplier revision;
  private int written;

  /**
   * @param revision the present one, to compare with
   */
  public RandomTransactions(Random random, LongSupplier revision) {
    this.random = random;
    this.revision = revision;
  }

  /**
   * @param lease under which some keys are put; 0 for none
   */
  public Transaction next(long lease) {
    List<Compare> compares = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      compares.add(compare());
    }
    return new Transaction(compares, branch(lease), branch(lease));
  }

  private Compare compare() {
    Compare.Relation[] relations = Compare.Relation.values();
    Compare.Relation relation = relations[random.nextInt(relations.length)];
    if (random.nextInt(4) == 0) {
      return new Compare.OfValue(key(), relation, value());
    }
    Compare.Count[] counts = Compare.Count.values();
    Compare.Count count = counts[random.nextInt(counts.length)];
    long near = Math.max(0, revision.getAsLong() - random.nextInt(6));
    return new Compare.OfCount(key(), count, relation, random.nextBoolean() ? near : 0);
  }

  private List<Action> branch(long lease) {
    List<Action> actions = new ArrayList<>();
    Set<String> puts = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String key = key();
      switch (random.nextInt(5)) {
        case 0 -> actions.add(new Action.Get(range()));
        case 1 -> {
          if (puts.stream().noneMatch(key::equals)) {
            actions.add(new Action.Delete(KeyRange.key(key)));
            puts.add(key);
          }
        }
        default -> {
          if (puts.add(key)) {
            actions.add(new Action.Put(key, value(), random.nextInt(3) == 0 ? lease : 0));
          }
        }
      }
    }
    return actions;
  }

  public String key() {
    return "/" + (char) ('a' + random.nextInt(3)) + "/" + random.nextInt(5);
  }

  public KeyRange range() {
    return switch (random.nextInt(4)) {
      case 0 -> KeyRange.all();
      case 1 -> KeyRange.key(key());
      default -> KeyRange.prefix("/" + (char) ('a' + random.nextInt(3)) + "/");
    };
  }

  private Bytes value() {
    byte[] bytes = new byte[random.nextInt(8) == 0 ? random.nextInt(3000) : random.nextInt(20)];
    if (random.nextInt(4) > 0) {
      random.nextBytes(bytes);
    }
    return random.nextBoolean() ? Bytes.of(bytes) : Bytes.utf8("v" + ++written);
  }
}
