package com.sockettask;

import com.facebook.react.bridge.JavaScriptContextHolder;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.bridge.ReactContextBaseJavaModule;
import com.facebook.react.bridge.ReactMethod;

/**
 * {@code NativeSocketTask} for React Native's old architecture: brings the C++ module into the JavaScript runtime of one
 * React instance, and ends its sockets with that instance.
 */
public final class NativeSocketTaskModule extends ReactContextBaseJavaModule {
  /** What C++ has of this instance; 0 for nothing. With the lock of this object held, like the next. */
  private long installation;

  private boolean invalidated;

  NativeSocketTaskModule(ReactApplicationContext context) {
    super(context);
  }

  @Override
  public String getName() {
    return "NativeSocketTask";
  }

  /**
   * Leaves the module on the runtime's global object, where {@code js/native/jsi.ts} takes it. A second call does nothing.
   * On the JavaScript thread, which waits for it.
   *
   * @return null, or why it could not be done
   */
  @ReactMethod(isBlockingSynchronousMethod = true)
  public synchronized String install() {
    if (invalidated) {
      return "this React instance is at its end";
    }
    if (installation != 0) {
      return null;
    }
    ReactApplicationContext context = getReactApplicationContext();
    JavaScriptContextHolder runtime = context.getJavaScriptContextHolder();
    if (runtime == null || runtime.get() == 0) {
      return "the app's JavaScript does not run in the app, but in a remote debugger: use another debugger";
    }
    try {
      System.loadLibrary("socket_task_bridge");
      installation = install(runtime.get(), context.getCatalystInstance().getJSCallInvokerHolder());
      return null;
    } catch (UnsatisfiedLinkError error) {
      return "its native library cannot be loaded: rebuild the app (" + error.getMessage() + ")";
    } catch (RuntimeException error) {
      return error.toString();
    }
  }

  /** On the thread of the native modules, while JavaScript may still run. */
  @Override
  public synchronized void invalidate() {
    invalidated = true;
    if (installation != 0) {
      end(installation);
      installation = 0;
    }
  }

  /** @return what is to be given to {@link #end}, once */
  private static native long install(long runtime, Object callInvokerHolder);

  /** Once it has returned, no thread calls into that JavaScript any more. */
  private static native void end(long installation);
}
