package farslot.manager.profiles;

import farslot.manager.model.AssignmentDocument;
import farslot.manager.model.Fabric;
import farslot.manager.model.FunctionDocument;
import farslot.manager.model.Held;
import farslot.manager.model.Paths;
import farslot.manager.model.PoolDocument;
import farslot.manager.model.ProfileDocument;
import farslot.manager.model.Slot;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which functions a slot may have, and why not the others. */
final class Choice {
  /** In a message; the others are counted. */
  private static final int REASONS_MAX = 5;

  private static final Pattern NUMBERS = Pattern.compile("(?<=\\d)(?=\\D)|(?<=\\D)(?=\\d)");

  /** {@code disk2} before {@code disk10}. */
  static final Comparator<String> BY_NAME = Choice::compareNames;

  private final Fabric fabric;
  private final Facts facts;
  private final Map<String, PoolDocument> pools;
  private final Set<String> taken;
  private final Set<String> spares = new HashSet<>();

  /**
   * @param pools all there are, by name
   * @param taken functions that are in slots
   */
  Choice(Fabric fabric, Facts facts, Map<String, PoolDocument> pools, Set<String> taken) {
    this.fabric = fabric;
    this.facts = facts;
    this.pools = pools;
    this.taken = taken;
    pools.values().forEach(each -> spares.addAll(each.spares()));
  }

  /**
   * What suits a slot of a pool, best first: what is ready before what is still being sanitised,
   * the smallest that is large enough, then by name.
   */
  List<String> suiting(ProfileDocument profile, Slot slot) {
    List<FunctionDocument> suiting = new ArrayList<>();
    for (FunctionDocument each : functions()) {
      if (whyNot(profile, slot, each, false).isEmpty()) {
        suiting.add(each);
      }
    }
    suiting.sort(
        Comparator.comparing((FunctionDocument each) -> !fabric.isFree(each.path()))
            .thenComparingLong(FunctionDocument::capacityBytes)
            .thenComparing(FunctionDocument::path, BY_NAME));
    return suiting.stream().map(FunctionDocument::path).toList();
  }

  /** The spares that could take over in a slot, best first. */
  List<String> spares(ProfileDocument profile, Slot slot) {
    PoolDocument pool = pools.get(slot.pool());
    if (pool == null) {
      return List.of();
    }
    return functions().stream()
        .filter(each -> pool.spares().contains(each.path()))
        .filter(each -> whyNot(profile, slot, each, true).isEmpty())
        .map(FunctionDocument::path)
        .filter(fabric::isFree)
        .sorted(BY_NAME)
        .toList();
  }

  private List<FunctionDocument> functions() {
    return fabric.all(FunctionDocument.class).values().stream().map(Held::document).toList();
  }

  /** Why a function cannot be in a slot, whoever has it; "" if it can. */
  String unsuitable(ProfileDocument profile, Slot slot, FunctionDocument function) {
    if (!slot.card().isEmpty() && !slot.card().equals(function.card())) {
      return "is no " + slot.card();
    }
    if (function.capacityBytes() < slot.capacityBytesMin()) {
      return "has only %d bytes".formatted(function.capacityBytes());
    }
    if (!function.tenant().isEmpty() && !function.tenant().equals(profile.tenant())) {
      return "belongs to another tenant";
    }
    PoolDocument pool = pools.get(slot.pool());
    boolean outside = !slot.pool().isEmpty() && (pool == null || !pool.fits(function));
    return outside ? "does not belong to pool " + slot.pool() : "";
  }

  private String whyNot(
      ProfileDocument profile, Slot slot, FunctionDocument function, boolean asSpare) {
    String path = function.path();
    String unsuitable = unsuitable(profile, slot, function);
    if (!unsuitable.isEmpty()) {
      return unsuitable;
    }
    if (taken.contains(path)) {
      return "is in a profile's slot";
    }
    if (!asSpare && spares.contains(path)) {
      return "is kept as a spare";
    }
    String held = heldBy(path);
    if (!held.isEmpty()) {
      return held;
    }
    return isThere(path) ? "" : "is not there just now";
  }

  /** Whether it can be used now. */
  boolean isThere(String function) {
    return facts.applianceThere(appliance(function)) && facts.present(function);
  }

  /** Whether its appliance says that it cannot be used; or nobody knows it at all. */
  boolean isGone(String function) {
    boolean known = fabric.get(Paths.function(function), FunctionDocument.class).isPresent();
    return !known || facts.gone(function);
  }

  /** Who has a function, in words; "" for nobody. */
  String heldBy(String function) {
    return fabric
        .assignment(function)
        .map(Held::document)
        .map(AssignmentDocument::holder)
        .map(holder -> "is held by " + holder)
        .orElse("");
  }

  /** Why a slot of a pool gets none, in words. */
  String whyNone(ProfileDocument profile, Slot slot) {
    List<String> reasons = new ArrayList<>();
    PoolDocument pool = pools.get(slot.pool());
    for (FunctionDocument each : functions()) {
      if (pool != null && pool.fits(each)) {
        String why = whyNot(profile, slot, each, false);
        reasons.add(each.path() + " " + (why.isEmpty() ? "is wanted by another slot" : why));
      }
    }
    reasons.sort(BY_NAME);
    if (reasons.isEmpty()) {
      return "nothing belongs to it";
    }
    int more = reasons.size() - REASONS_MAX;
    return String.join(", ", reasons.subList(0, Math.min(REASONS_MAX, reasons.size())))
        + (more > 0 ? ", and " + more + " more" : "");
  }

  static String appliance(String function) {
    return function.substring(0, function.indexOf('/'));
  }

  private static int compareNames(String one, String other) {
    String[] left = NUMBERS.split(one);
    String[] right = NUMBERS.split(other);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      boolean numbers = isNumber(left[i]) && isNumber(right[i]);
      int order =
          numbers
              ? new BigInteger(left[i]).compareTo(new BigInteger(right[i]))
              : left[i].compareTo(right[i]);
      if (order != 0) {
        return order;
      }
    }
    int order = Integer.compare(left.length, right.length);
    return order != 0 ? order : one.compareTo(other);
  }

  private static boolean isNumber(String part) {
    return !part.isEmpty() && part.chars().allMatch(each -> each >= '0' && each <= '9');
  }
}
