package farslot.bench.hops;

import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.Set;

/** The interfaces of a class that a stand-in for its objects has to have. */
final class Interfaces {
  private Interfaces() {}

  /** Public ones only: others are nobody's business outside of their package. */
  static Class<?>[] of(Class<?> type) {
    Set<Class<?>> all = new LinkedHashSet<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Class<?> face : each.getInterfaces()) {
        if (Modifier.isPublic(face.getModifiers()) && exported(face)) {
          all.add(face);
        }
      }
    }
    return all.toArray(Class<?>[]::new);
  }

  private static boolean exported(Class<?> face) {
    return face.getModule().isExported(face.getPackageName(), Interfaces.class.getModule());
  }
}
