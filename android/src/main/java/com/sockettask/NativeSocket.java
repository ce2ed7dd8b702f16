package com.sockettask;

/** The C ABI of the library, as Java sees it. */
final class NativeSocket {
  static {
    System.loadLibrary("socket_task");
  }

  private NativeSocket() {}

  static native String version();
}
