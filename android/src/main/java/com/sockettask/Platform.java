package com.sockettask;

import android.app.Application;
import android.content.Context;
import android.util.Log;

/**
 * What the native library asks of Android, and what Android's signals tell the library. Apps need not call it:
 * {@link SocketTaskProvider} does.
 *
 * <p>The native library looks this class and its methods up by name.
 */
final class Platform {
  static final String TAG = "SocketTask";

  /** How long the server of an open connection has to answer a probe before the connection counts as dead. */
  static final int PROBE_DEADLINE_MILLISECONDS = 5_000;

  private static boolean initialized;

  private Platform() {}

  /**
   * Loads the native library, gives it the application's context, and follows the network and the foreground. A second
   * call does nothing. What the system refuses is logged and left out; no exception comes out of it.
   *
   * @param context any context of the app
   * @return whether the native library is there
   */
  static synchronized boolean initialize(Context context) {
    if (initialized) {
      return true;
    }
    Context application = context.getApplicationContext();
    if (application == null) {
      application = context;
    }
    try {
      System.loadLibrary("socket_task");
      install(application);
    } catch (UnsatisfiedLinkError error) {
      Log.e(TAG, "There is no native library for this processor in the app", error);
      return false;
    } catch (RuntimeException error) {
      Log.e(TAG, "The native library could not be prepared", error);
      return false;
    }
    initialized = true;
    NetworkChanges.follow(application, () -> setNetwork(false), Platform::networkChanged);
    if (application instanceof Application) {
      Foreground.follow((Application) application, Platform::foregroundEntered, () -> setForeground(false));
    }
    return true;
  }

  private static void networkChanged() {
    setNetwork(true);
    probeAll(PROBE_DEADLINE_MILLISECONDS);
  }

  private static void foregroundEntered() {
    setForeground(true);
    probeAll(PROBE_DEADLINE_MILLISECONDS);
  }

  /**
   * Gives the library the application's context, by which the certificates of servers are verified, and makes it ask the
   * methods below from now on. A second call does nothing.
   */
  static native void install(Object applicationContext);

  /** Pings every open connection; one that gets no answer within so many milliseconds is closed with code 1006. */
  static native void probeAll(int deadlineMilliseconds);

  /** Whether there is a network, or that there is another one: without one nothing is reconnected. */
  static native void setNetwork(boolean isThere);

  /** Whether the app is in the foreground: in the background nothing is reconnected, unless it is to be. */
  static native void setForeground(boolean isInFront);

  /** Whether the app may connect to the host without TLS. Called by the library, on a thread that may block. */
  static boolean isCleartextPermitted(String host) {
    return CleartextPolicy.permits(host);
  }

  /** A host name outside ASCII in ASCII; null for one that is not valid. Called by the library, on the thread that makes a connection. */
  static String domainToAscii(String name) {
    return HostNames.toAscii(name);
  }

  /**
   * The proxy that the system names for a URL: {@code http://host:port} or {@code socks5://host:port}; null for none.
   * Called by the library, on a thread that may block.
   */
  static String proxyFor(String url) {
    return SystemProxy.find(url);
  }

  /** The value of the {@code Cookie} field for a URL, {@code http:} for {@code ws:}; null for none. Called by the library, on a thread that may block. */
  static String cookiesFor(String url) {
    return SystemCookies.find(url);
  }

  /** Keeps a {@code Set-Cookie} field of a response from such a URL. Called by the library, on a thread that may block. */
  static void setCookie(String url, String cookie) {
    SystemCookies.keep(url, cookie);
  }
}
