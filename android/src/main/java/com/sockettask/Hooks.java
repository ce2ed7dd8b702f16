package com.sockettask;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What the library asks and tells the app beside events: cookies, proxies, its log. The library looks the methods up by name.
 * No exception of the app's gets out of here.
 */
final class Hooks {
  private static final SocketTask.ExceptionHandler LOG_EXCEPTION =
      (task, thrown) ->
          Logger.getLogger("com.sockettask").log(Level.SEVERE, "Thrown by a listener of " + task, thrown);

  private static volatile SocketTask.ExceptionHandler exceptionHandler = LOG_EXCEPTION;
  private static volatile SocketTask.Logger logger;

  /** Whether this thread is in the logger. */
  private static final ThreadLocal<Boolean> LOGGING = new ThreadLocal<>();

  private Hooks() {}

  /** Whether large messages can stay where the library has received them. */
  static boolean canShareMemory() {
    return RetainedMessage.viewsKeepBuffersReachable();
  }

  static void setExceptionHandler(SocketTask.ExceptionHandler handler) {
    exceptionHandler = handler == null ? LOG_EXCEPTION : handler;
  }

  /** Tells the app's handler what its own code has thrown. {@code task} is null where there is none. */
  static void report(SocketTask task, Throwable thrown) {
    try {
      exceptionHandler.onException(task, thrown);
    } catch (Throwable again) {
      // It may be memory that is missing: what needs more of it is no use here.
    }
  }

  static synchronized void setLogger(SocketTask.LogLevel level, SocketTask.Logger logger) {
    if (LOGGING.get() != null) {
      // The library waits until no logger is being called.
      throw new IllegalStateException("a logger cannot replace loggers");
    }
    int status;
    // Set before lines can come, and taken away after none can.
    if (logger != null) {
      Hooks.logger = logger;
      status = NativeSocket.setLogLevel(level.ordinal());
    } else {
      status = NativeSocket.setLogLevel(SocketTask.LogLevel.OFF.ordinal());
      Hooks.logger = null;
    }
    if (status != NativeSocket.OK) {
      throw NativeSocket.failure(status);
    }
  }

  static void log(int level, String line) {
    SocketTask.Logger current = logger;
    if (current == null) {
      return;
    }
    try {
      LOGGING.set(true);
      current.log(SocketTask.LogLevel.LEVELS[level], line);
    } catch (Throwable thrown) {
      report(null, thrown);
    } finally {
      LOGGING.remove();
    }
  }

  static String proxyFor(SocketTaskBuilder.ProxyResolver resolver, String url) {
    try {
      return resolver.proxyFor(url);
    } catch (Throwable thrown) {
      report(null, thrown);
      return null;
    }
  }

  static byte[] sign(ClientKey key, int algorithm, byte[] message) {
    try {
      return key.sign(algorithm, message);
    } catch (Throwable thrown) {
      report(null, thrown);
      return null;
    }
  }

  static void refresh(
      SocketTaskReconnectOptions.Refresher refresher, long handle, int attempt, SocketTaskLoss loss, long ticket) {
    SocketTaskRefresh refresh = new SocketTaskRefresh(handle, attempt, loss, ticket);
    try {
      refresher.refresh(refresh);
    } catch (Throwable thrown) {
      report(null, thrown);
      refresh.fail();
    }
  }

  static boolean shouldReconnect(SocketTaskReconnectOptions.Decider decider, SocketTaskLoss loss, boolean would) {
    try {
      return decider.shouldReconnect(loss, would);
    } catch (Throwable thrown) {
      report(null, thrown);
      return would;
    }
  }

  static SocketTaskError error(
      int phase, int code, int osError, int httpStatus, String message, String[] headers, byte[] body) {
    return new SocketTaskError(phase, code, osError, httpStatus, message, headers, body);
  }

  /** {@code error} is null where there is none. */
  static SocketTaskLoss loss(int code, String reason, boolean clean, SocketTaskError error) {
    return new SocketTaskLoss(code, reason, clean, error);
  }

  static String cookiesFor(SocketTaskBuilder.CookieJar jar, String url) {
    try {
      return jar.cookiesFor(url);
    } catch (Throwable thrown) {
      report(null, thrown);
      return null;
    }
  }

  static void setCookie(SocketTaskBuilder.CookieJar jar, String url, String cookie) {
    try {
      jar.setCookie(url, cookie);
    } catch (Throwable thrown) {
      report(null, thrown);
    }
  }
}
