package com.sockettask;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class LibraryTest {
  @Test
  void theLibraryLoads() {
    assertTrue(NativeSocket.version().matches("\\d+\\.\\d+\\.\\d+"), NativeSocket.version());
  }

  /** Without it the run could not tell that a native breaks the rules of JNI. */
  @Test
  void jniIsChecked() {
    assertTrue(ManagementFactory.getRuntimeMXBean().getInputArguments().contains("-Xcheck:jni"));
  }
}
