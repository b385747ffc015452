package farslot.bench.hops;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Stands around an object and notes who crosses: every call leads into a hop, and its return, if
 * one cares, back. Objects that go through as arguments or results can get a border of their own,
 * so that what they call back is noted as well. Made by reflection, which costs some 50 ns a call,
 * and goes along with whatever the interface becomes.
 */
final class Border implements InvocationHandler {
  private final Object target;
  private final Crossing crossing;
  private final Map<Class<?>, UnaryOperator<Object>> passing = new HashMap<>();
  private final Map<Object, Object> passed = new IdentityHashMap<>();

  private Border(Object target, Crossing crossing) {
    this.target = target;
    this.crossing = crossing;
  }

  /** Told of calls. */
  interface Crossing {
    /** One begins. */
    void enter(String method);

    /** One has returned. */
    default void leave() {}
  }

  /**
   * Around an object.
   *
   * @param passing what is put around objects of these kinds that go through
   */
  static Object around(
      Object target, Crossing crossing, Map<Class<?>, UnaryOperator<Object>> passing) {
    Border border = new Border(target, crossing);
    border.passing.putAll(passing);
    return Proxy.newProxyInstance(
        Border.class.getClassLoader(), Interfaces.of(target.getClass()), border);
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return method.invoke(target, arguments);
    }
    Class<?>[] kinds = method.getParameterTypes();
    for (int i = 0; i < kinds.length; i++) {
      arguments[i] = pass(kinds[i], arguments[i]);
    }
    crossing.enter(method.getName());
    try {
      return pass(method.getReturnType(), method.invoke(target, arguments));
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      crossing.leave();
    }
  }

  private Object pass(Class<?> kind, Object value) {
    UnaryOperator<Object> around = value == null ? null : passing.get(kind);
    return around == null ? value : passed.computeIfAbsent(value, around);
  }
}
