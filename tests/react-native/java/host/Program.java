import com.facebook.react.turbomodule.core.interfaces.CallInvokerHolder;

/** A bundle that runs in one instance of React Native: what C++ has of it (host/Program.cpp). Any thread. */
final class Program implements AutoCloseable {
  /** 0 when it is closed. */
  private volatile long pointer;
  private CallInvokerHolder invoker;

  Program(String engine, String[] arguments) {
    pointer = make(engine, arguments);
  }

  /** The instance's invoker with a meter, the same each time. */
  synchronized CallInvokerHolder metered(CallInvokerHolder own) {
    if (invoker == null) {
      invoker = metered(pointer, own);
    }
    return invoker;
  }

  /** Leaves the object {@code host} of the tests on the global object of the runtime, on its thread; after metered. */
  void install(long runtime) {
    install(pointer, runtime);
  }

  /** Ends the program. The first of several calls counts; a thread that its instance has left behind may call it later still. */
  synchronized void exit(int code) {
    if (pointer != 0) {
      exit(pointer, code);
    }
  }

  /** Tells JavaScript of an error that it has not caught, on its thread. */
  void uncaught(long runtime, String message) {
    uncaught(pointer, runtime, message);
  }

  /** How many of all have an invoker that somebody has kept. */
  static native int alive();

  /** Waits for the end; the code that the bundle has ended with. */
  int exitCode() {
    return exitCode(pointer);
  }

  /** When nobody uses it any more. */
  @Override
  public synchronized void close() {
    release(pointer);
    pointer = 0;
  }

  /** Ends the process as Android does: without the destructors of static objects, some of which need a virtual machine. */
  static native void leave(int code);

  private static native long make(String engine, String[] arguments);

  private static native CallInvokerHolder metered(long program, CallInvokerHolder own);

  private static native void install(long program, long runtime);

  private static native void exit(long program, int code);

  private static native void uncaught(long program, long runtime, String message);

  private static native int exitCode(long program);

  private static native void release(long program);
}
