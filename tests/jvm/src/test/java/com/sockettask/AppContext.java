package com.sockettask;

/** What the native library asks of an app's context; Android's own class does not run here. */
public final class AppContext {
  public ClassLoader getClassLoader() {
    return AppContext.class.getClassLoader();
  }
}
