package com.sockettask;

import android.content.Context;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A WebSocket (RFC 6455).
 *
 * <pre>{@code
 * SocketTask task = SocketTask.builder("wss://example.com/chat").connect(new SocketTaskListener() {
 *   @Override public void onOpen(SocketTask task, SocketTaskOpen open) {
 *     task.send("hello");
 *   }
 *   @Override public void onMessage(SocketTask task, String text) {
 *     task.close();
 *   }
 * });
 * }</pre>
 *
 * <p>Every method can be called on every thread, in every state, in the listener's methods too, and returns at once. What no
 * longer makes sense, since the connection is closing or closed, does nothing: that is a race nobody can avoid, and so never
 * an exception.
 *
 * <p>The library holds a connection, and its listener, until it is closed or released: an app need not keep a reference to
 * it. One that neither side closes lives as long as the process; {@link SocketTaskBuilder#pingInterval} lets it notice a peer
 * that is gone.
 */
public final class SocketTask implements Closeable {
  /** Where in its life a connection is. */
  public enum ReadyState {
    /** On the way: from the DNS look-up to the opening handshake. */
    CONNECTING,
    /** Messages go both ways. */
    OPEN,
    /** The closing handshake has begun, from either side, or the connection is failing. */
    CLOSING,
    /** Over. */
    CLOSED;

    private static final ReadyState[] STATES = values();
  }

  /** What became of a message that was to be sent. */
  public enum SendResult {
    /** It is in the queue. */
    QUEUED,
    /**
     * The queue has no room for it; {@link SocketTaskListener#onDrain} tells when to try again. The connection stays as it was.
     */
    BUFFER_FULL,
    /**
     * It never fits: it is larger than {@link SocketTaskBuilder#maxBufferedAmount}. The connection stays as it was.
     */
    MESSAGE_TOO_BIG,
    /** The connection is not open yet, or not any more. */
    NOT_OPEN
  }

  /** How much is logged. Each level includes the ones before. */
  public enum LogLevel {
    /** Nothing. The default. */
    OFF,
    /** Faults. */
    ERROR,
    /** What is suspicious. */
    WARN,
    /** Connections that open, fail and close. */
    INFO,
    /** Steps on the way. */
    DEBUG;

    static final LogLevel[] LEVELS = values();
  }

  /** Takes the lines of the log. */
  public interface Logger {
    /**
     * A line of the log. On any thread, on several at once. It must not block, and not call {@link SocketTask#setLogger}.
     *
     * @param level how grave it is
     * @param line the line, without the value of any header field, credentials or content of messages
     */
    void log(LogLevel level, String line);
  }

  /** Is told what the app's own code has thrown when the library has called it. */
  public interface ExceptionHandler {
    /**
     * A listener, logger, cookie jar or proxy resolver has thrown. On the thread that it was called on; what this throws is
     * dropped.
     *
     * @param task the connection that was told about; null for a logger, cookie jar or proxy resolver
     * @param thrown what was thrown
     */
    void onException(SocketTask task, Throwable thrown);
  }

  /** What {@link #close(int, String)} takes for a Close frame without a code: the peer sees 1005. */
  public static final int NO_CODE = 0;

  private static final int NORMAL_CLOSURE = 1000;
  private static final byte[] NOTHING = new byte[0];

  private final String url;
  private final long handle;
  private volatile String protocol = "";

  /** What was not sent when the connection was closed. */
  private volatile long unsent;

  SocketTask(String url, long handle) {
    this.url = url;
    this.handle = handle;
  }

  /**
   * How to make a connection, with the library's defaults.
   *
   * @param url begins with {@code ws:} or {@code wss:}, and has no fragment; see {@link SocketTaskBuilder#connect}
   * @return options that can be changed, and used more than once
   */
  public static SocketTaskBuilder builder(String url) {
    return new SocketTaskBuilder(url);
  }

  /**
   * Prepares the library in a process where {@link SocketTaskProvider} does not: another process than the app's main one, or
   * an app whose manifest removes the provider. To be called before the first connection, on the main thread. Without it
   * no certificate can be verified, and the app's rules, proxy and network are not known. A second call does nothing.
   *
   * @param context any context of the app
   * @return whether the native library is there
   */
  public static boolean initialize(Context context) {
    return Platform.initialize(context);
  }

  /** {@return the library's version, "1.2.3"} */
  public static String getLibraryVersion() {
    return NativeSocket.version();
  }

  /**
   * Sets how many threads carry the connections, for the whole process: 1 by default. Each connection stays on one of them. A
   * phone needs no more than one.
   *
   * @param threads 1 to 64
   * @throws IllegalArgumentException for another number
   * @throws IllegalStateException when the threads run already, that is after the first connection
   */
  public static void setWorkerThreads(int threads) {
    int status = NativeSocket.setWorkerThreads(threads);
    if (status != NativeSocket.OK) {
      throw NativeSocket.failure(status);
    }
  }

  /**
   * Sets who is told what the app's own code throws when the library calls it. By default it goes to the logger {@code
   * com.sockettask} of {@code java.util.logging}, that is to Android's log.
   *
   * @param handler null for the default
   */
  public static void setExceptionHandler(ExceptionHandler handler) {
    Hooks.setExceptionHandler(handler);
  }

  /**
   * Sets where the library's log goes, for the whole process. When this returns, the logger that was set before is not called
   * any more.
   *
   * @param level how much is logged
   * @param logger null logs nothing
   * @throws IllegalStateException in a logger
   */
  public static void setLogger(LogLevel level, Logger logger) {
    Hooks.setLogger(Objects.requireNonNull(level, "level"), logger);
  }

  /** {@return the URL that it was made with} */
  public String getUrl() {
    return url;
  }

  /**
   * Queues a text message.
   *
   * @param text the message; a surrogate without its other half is sent as U+FFFD
   * @return what became of it
   */
  public SendResult send(String text) {
    return sendResult(NativeSocket.sendText(handle, Objects.requireNonNull(text, "text")));
  }

  /**
   * Queues a binary message.
   *
   * @param bytes the message, which is copied; not to be changed by another thread during the call
   * @return what became of it
   */
  public SendResult send(byte[] bytes) {
    return sendResult(NativeSocket.sendArray(handle, bytes, 0, bytes.length));
  }

  /**
   * Queues a binary message.
   *
   * @param bytes what holds the message, which is copied; not to be changed by another thread during the call
   * @param offset where in {@code bytes} it begins
   * @param length how many bytes it has
   * @return what became of it
   * @throws IndexOutOfBoundsException for a range that is not inside of {@code bytes}
   */
  public SendResult send(byte[] bytes, int offset, int length) {
    if ((offset | length) < 0 || length > bytes.length - offset) {
      throw new IndexOutOfBoundsException(length + " bytes from " + offset + " of " + bytes.length);
    }
    return sendResult(NativeSocket.sendArray(handle, bytes, offset, length));
  }

  /**
   * Queues a binary message.
   *
   * @param bytes holds the message from its position to its limit, neither of which is changed. The message is copied, that of
   *     a direct buffer straight into its frame; it is not to be changed by another thread during the call
   * @return what became of it
   */
  public SendResult send(ByteBuffer bytes) {
    int length = bytes.remaining();
    if (bytes.isDirect()) {
      return sendResult(NativeSocket.sendBuffer(handle, bytes, bytes.position(), length));
    }
    if (bytes.hasArray()) {
      int offset = bytes.arrayOffset() + bytes.position();
      return sendResult(NativeSocket.sendArray(handle, bytes.array(), offset, length));
    }
    byte[] copy = new byte[length];
    bytes.duplicate().get(copy);
    return sendResult(NativeSocket.sendArray(handle, copy, 0, length));
  }

  /**
   * Queues a ping without data. Its pong is told by {@link SocketTaskListener#onPong}.
   *
   * @return what became of it
   */
  public SendResult ping() {
    return ping(NOTHING);
  }

  /**
   * Queues a ping. Its pong is told by {@link SocketTaskListener#onPong}.
   *
   * @param data at most 125 bytes, which are copied
   * @return what became of it
   * @throws IllegalArgumentException for more bytes
   */
  public SendResult ping(byte[] data) {
    return sendResult(NativeSocket.ping(handle, Objects.requireNonNull(data, "data")));
  }

  /** Closes the connection with code 1000, as {@link #close(int, String)} does. */
  @Override
  public void close() {
    close(NORMAL_CLOSURE, "");
  }

  /**
   * Closes the connection: one that is open after the messages queued, by the closing handshake; one on its way at once. {@link
   * SocketTaskListener#onClose} follows, and neither a message nor {@link SocketTaskListener#onError}. On a connection that is
   * closing or closed already, nothing happens.
   *
   * @param code 1000 to 1003, 1007 to 1014, 3000 to 4999 (RFC 6455, section 7.4), or {@link #NO_CODE}
   * @param reason at most 123 bytes in UTF-8; empty without a code
   * @throws IllegalArgumentException for a code or reason that is not acceptable; the connection stays as it was
   */
  public void close(int code, String reason) {
    if (code < 0 || code > 0xffff) {
      throw new IllegalArgumentException("the close code " + code + " is no 16-bit number");
    }
    int status = NativeSocket.close(handle, code, Objects.requireNonNull(reason, "reason"));
    if (status == NativeSocket.INVALID_ARGUMENT) {
      throw NativeSocket.failure(status);
    }
  }

  /**
   * Stops reading from the network, so that a peer that sends too fast is slowed down. Pings of the peer stay unanswered
   * meanwhile, and its closing unnoticed. {@link #close()} ends the pause.
   */
  public void pause() {
    NativeSocket.pause(handle);
  }

  /** Reads on after {@link #pause}. */
  public void resume() {
    NativeSocket.resume(handle);
  }

  /**
   * Asks an open connection for a sign of life: when nothing comes from the peer in time, it has failed (phase {@link
   * SocketTaskError.Phase#TIMEOUT}, close code 1006). On Android the library does so by itself when the network changes and when
   * the app comes to the foreground.
   *
   * @param deadlineMilliseconds how long the peer has to answer
   * @throws IllegalArgumentException for a negative number
   */
  public void probe(int deadlineMilliseconds) {
    NativeSocket.probe(handle, SocketTaskBuilder.notNegative(deadlineMilliseconds, "deadlineMilliseconds"));
  }

  /** {@return where in its life the connection is} */
  public ReadyState getReadyState() {
    return ReadyState.STATES[NativeSocket.readyState(handle)];
  }

  /**
   * {@return how many bytes of messages and pings were accepted and not yet handed to the operating system, framing not
   * counted} After the end of a connection, how many were lost with it.
   */
  public long getBufferedAmount() {
    long amount = NativeSocket.bufferedAmount(handle);
    return amount < 0 ? unsent : amount;
  }

  /** {@return the sub-protocol that the server chose; empty for none, and before {@link SocketTaskListener#onOpen}} */
  public String getProtocol() {
    return protocol;
  }

  /**
   * Lets go of the connection: one on its way is aborted; an open one is closed with code 1001, in the background, after the
   * messages queued. No method of the listener is called any more but {@link SocketTaskListener#onRelease}, and one that the
   * library's thread is about to enter at this moment. Twice is the same as once.
   *
   * <p>A connection that is closed is released by the library.
   */
  public void release() {
    NativeSocket.release(handle);
  }

  /** Before {@link SocketTaskListener#onOpen}. */
  void opened(SocketTaskOpen open) {
    protocol = open.getProtocol();
  }

  /** Before {@link SocketTaskListener#onClose}. */
  void closed() {
    unsent = Math.max(NativeSocket.bufferedAmount(handle), 0);
  }

  private static SendResult sendResult(int status) {
    switch (status) {
      case NativeSocket.OK:
        return SendResult.QUEUED;
      case NativeSocket.BUFFER_FULL:
        return SendResult.BUFFER_FULL;
      case NativeSocket.MESSAGE_TOO_BIG:
        return SendResult.MESSAGE_TOO_BIG;
      case NativeSocket.INVALID_STATE:
      case NativeSocket.INVALID_HANDLE:
        return SendResult.NOT_OPEN;
      default:
        throw NativeSocket.failure(status);
    }
  }

  /** The URL without what may be secret in it, and the state. */
  @Override
  public String toString() {
    int end = url.indexOf('?');
    String shown = end < 0 ? url : url.substring(0, end);
    return "SocketTask{" + shown.replaceFirst("//[^/]*@", "//") + ", " + getReadyState() + "}";
  }
}
