import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** What React Native keeps to itself. */
final class Reflection {
  /** An object whose constructor needs a running Android. */
  @SuppressWarnings("unchecked")
  static <T> T withoutConstructor(Class<T> type) throws Exception {
    Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
    field.setAccessible(true);
    return (T) ((sun.misc.Unsafe) field.get(null)).allocateInstance(type);
  }

  @SuppressWarnings("unchecked")
  static <T> T make(Class<T> type, Object... arguments) throws Exception {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == arguments.length) {
        constructor.setAccessible(true);
        return (T) constructor.newInstance(arguments);
      }
    }
    throw new NoSuchMethodException(type + " has no constructor of " + arguments.length);
  }

  @SuppressWarnings("unchecked")
  static <T> T call(Object of, String name, Object... arguments) throws Exception {
    for (Method method : of.getClass().getDeclaredMethods()) {
      if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
        method.setAccessible(true);
        try {
          return (T) method.invoke(of, arguments);
        } catch (InvocationTargetException error) {
          throw new AssertionError(name, error.getCause());
        }
      }
    }
    throw new NoSuchMethodException(name);
  }

  static void set(Object of, String name, Object value) throws Exception {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    field.set(of, value);
  }

  private Reflection() {}
}
