package com.sockettask;

import java.nio.ByteBuffer;

/**
 * The functions of {@code socket_task.h}, for Java: a handle is that of the C ABI, 0 for none, and what is returned is a
 * {@code socket_task_status}, where nothing else is said. Texts and arrays are not null, and numbers not negative.
 */
final class NativeSocket {
  /** {@code SOCKET_TASK_OK}. */
  static final int OK = 0;

  /** {@code SOCKET_TASK_INVALID_HANDLE}. */
  static final int INVALID_HANDLE = 1;

  /** {@code SOCKET_TASK_INVALID_STATE}. */
  static final int INVALID_STATE = 2;

  /** {@code SOCKET_TASK_INVALID_ARGUMENT}. */
  static final int INVALID_ARGUMENT = 3;

  /** {@code SOCKET_TASK_INVALID_URL}. */
  static final int INVALID_URL = 4;

  /** {@code SOCKET_TASK_INVALID_UTF8}. */
  static final int INVALID_UTF8 = 5;

  /** {@code SOCKET_TASK_BUFFER_FULL}. */
  static final int BUFFER_FULL = 6;

  /** {@code SOCKET_TASK_MESSAGE_TOO_BIG}. */
  static final int MESSAGE_TOO_BIG = 9;

  static {
    System.loadLibrary("socket_task");
  }

  private NativeSocket() {}

  /** The exception for a status that is none of the above, or that a caller should have avoided. */
  static RuntimeException failure(int status) {
    String message = lastError();
    switch (status) {
      case INVALID_ARGUMENT:
      case INVALID_URL:
      case INVALID_UTF8:
        return new IllegalArgumentException(message);
      default:
        return new IllegalStateException(message);
    }
  }

  // ---- The library ----

  static native String version();

  /** Why the last call failed that failed on this thread. */
  static native String lastError();

  static native int setWorkerThreads(int threads);

  /** How much {@link Hooks#log} is told: {@code SOCKET_TASK_LOG_…}. */
  static native int setLogLevel(int level);

  // ---- The life of a connection ----

  /** The handle; 0 for a URL that is refused. */
  static native long create(String url);

  /** Starts to connect, and tells {@code delivery} what comes of it. */
  static native int connect(long handle, Delivery delivery);

  static native int prewarm(long handle, int lifetimeMilliseconds);

  static native int sendText(long handle, String text);

  static native int sendArray(long handle, byte[] array, int offset, int length);

  /** {@code buffer} is direct. */
  static native int sendBuffer(long handle, ByteBuffer buffer, int offset, int length);

  static native int ping(long handle, byte[] data);

  /** {@code code} 0 sends none. */
  static native int close(long handle, int code, String reason);

  static native int pause(long handle);

  static native int resume(long handle);

  static native int probe(long handle, int deadlineMilliseconds);

  /** A {@code socket_task_ready_state}; CLOSED for a handle that is not valid any more. */
  static native int readyState(long handle);

  /** Bytes; -1 for a handle that is not valid any more. */
  static native long bufferedAmount(long handle);

  static native int release(long handle);

  /** Gives back what {@link Delivery#onBuffer} was given, once. */
  static native void releaseMessage(long message);

  /** How many bytes {@link Delivery#onBuffer} was given that were not given back. */
  static native long retainedBytes();

  // ---- Between connections ----

  /** {@code fresh} is a handle that was not connected and stays the caller's; 0 changes nothing. */
  static native int answerRefresh(long handle, long ticket, long fresh);

  static native int failRefresh(long handle, long ticket);

  // ---- Options, before connect ----

  static native int addHeader(long handle, String name, String value);

  static native int addProtocol(long handle, String protocol);

  static native int setTimeout(long handle, int milliseconds);

  static native int setCloseTimeout(long handle, int milliseconds);

  static native int setMaxMessageSize(long handle, long bytes);

  static native int setMaxBufferedAmount(long handle, long bytes);

  static native int setTcpNoDelay(long handle, boolean noDelay);

  static native int setPingInterval(long handle, int milliseconds);

  static native int setPongTimeout(long handle, int milliseconds);

  static native int setPerMessageDeflate(
      long handle,
      boolean clientNoContextTakeover,
      boolean serverNoContextTakeover,
      int clientMaxWindowBits,
      int serverMaxWindowBits,
      int level,
      int threshold);

  static native int setTrustRoots(long handle, int roots);

  static native int addCaCertificates(long handle, byte[] certificates);

  static native int addPin(long handle, String pin);

  static native int addAcceptedCertificate(long handle, String fingerprint);

  static native int setClientCertificate(long handle, byte[] certificate, byte[] key);

  static native int setServerName(long handle, String name);

  static native int setMinTlsVersion(long handle, int version);

  static native int setTcpKeepalive(long handle, int milliseconds);

  static native int addAddress(long handle, String host, String address);

  static native int setProxy(long handle, String url);

  static native int addProxyHeader(long handle, String name, String value);

  static native int setProxyFromSystem(long handle);

  static native int setProxyFromEnvironment(long handle);

  static native int setClientSigner(long handle, byte[] certificates, ClientKey key);

  static native int setProxyHook(long handle, SocketTaskBuilder.ProxyResolver resolver);

  static native int setCookieHook(long handle, SocketTaskBuilder.CookieJar jar);

  static native int setCookiesFromSystem(long handle);

  static native int setFollowRedirects(long handle, int limit);

  /** {@code maxAttempts} 0 sets no bound. */
  static native int setReconnect(
      long handle,
      int minDelay,
      int maxDelay,
      double factor,
      int maxAttempts,
      int stableAfter,
      int[] stopCodes,
      long queue,
      boolean whileHidden);

  static native int setRefreshHook(long handle, SocketTaskReconnectOptions.Refresher refresher);

  static native int setShouldReconnectHook(long handle, SocketTaskReconnectOptions.Decider decider);
}
