package com.sockettask;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** What this process uses. */
final class Memory {
  private Memory() {}

  /** Until the garbage collector has found every received buffer unreachable. */
  static void awaitNothingRetained() {
    await(
        () -> {
          System.gc();
          return NativeSocket.retainedBytes() == 0;
        },
        "the release of received buffers");
  }

  static void await(BooleanSupplier condition, String what) {
    for (int tries = 0; tries < 2000; tries++) {
      if (condition.getAsBoolean()) {
        return;
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }
    throw new AssertionError(what + " did not come");
  }

  /** Bytes of memory in use (resident set). */
  static long resident() {
    return status("VmRSS") * 1024;
  }

  static long threads() {
    return status("Threads");
  }

  private static long status(String key) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith(key + ":")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException error) {
      throw new AssertionError(error);
    }
    throw new AssertionError("/proc says nothing of " + key);
  }

  /** Descriptors of sockets. */
  static long sockets() {
    long count = 0;
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        try {
          count += Files.readSymbolicLink(descriptor).toString().startsWith("socket:") ? 1 : 0;
        } catch (IOException gone) {
          // Closed meanwhile, as the one of the folder itself.
        }
      }
    } catch (IOException error) {
      throw new AssertionError(error);
    }
    return count;
  }

  /** Global references of JNI. */
  static long globalReferences() {
    try {
      String dump =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "threadPrint",
                      new Object[] {null},
                      new String[] {String[].class.getName()});
      Matcher matcher = Pattern.compile("JNI global refs: (\\d+)").matcher(dump);
      if (!matcher.find()) {
        throw new AssertionError("the JVM does not count its global references");
      }
      return Long.parseLong(matcher.group(1));
    } catch (JMException error) {
      throw new AssertionError(error);
    }
  }
}
