package com.sockettask;

import java.nio.ByteBuffer;

/**
 * What a connection tells. Override what you want to know.
 *
 * <p>The methods are called on a thread of the library, one at a time for each connection, and in order. They must not
 * block: other connections wait for them. Every method of {@link SocketTask} may be called in them. An exception that one
 * throws is given to {@link SocketTask#setExceptionHandler}, and the connection lives on.
 *
 * <p>{@link #onOpen} comes at most once and first; with {@link SocketTaskBuilder#reconnect} once for each connection. {@link #onError} comes at most once and is always followed by
 * {@link #onClose}, which comes exactly once. After {@link SocketTask#release} none begins but {@link #onRelease}.
 */
public abstract class SocketTaskListener {
  /** For subclasses. */
  protected SocketTaskListener() {}

  /**
   * The connection is open.
   *
   * @param task the connection
   * @param open what the server said
   */
  public void onOpen(SocketTask task, SocketTaskOpen open) {}

  /**
   * A text message came.
   *
   * @param task the connection
   * @param text the message
   */
  public void onMessage(SocketTask task, String text) {}

  /**
   * A binary message came.
   *
   * <p>The buffer is read-only, holds the message from its position 0 to its limit, and may be kept. That of a large
   * message is direct: the bytes stay where the library has received them, uncopied, until the garbage collector finds the
   * buffer, and all that was derived from it, unreachable. The library keeps 16 MiB for the whole process so; while they
   * are in use, and before Android 8.1, messages come as copies in Java's heap.
   *
   * @param task the connection
   * @param bytes the message
   */
  public void onMessage(SocketTask task, ByteBuffer bytes) {}

  /**
   * A pong came.
   *
   * @param task the connection
   * @param data what the pong carried; the listener's own
   * @param roundTripMicroseconds the time since the {@link SocketTask#ping} that it answers; -1 when it answers none
   */
  public void onPong(SocketTask task, byte[] data, long roundTripMicroseconds) {}

  /**
   * Messages were handed to the operating system; once for all that were at the same time. Or the send queue has room
   * again, half of its limit, after a send was refused for being over it. Comes once more before {@link #onClose} if messages were handed over since.
   *
   * @param task the connection
   * @param sent how many messages were handed to the operating system so far
   */
  public void onDrain(SocketTask task, long sent) {}

  /**
   * The peer is suspect: half of the time for an answer to {@link SocketTaskBuilder#pingInterval} or {@link
   * SocketTask#probe} has passed, and nothing has come from it. At most once until {@link #onAlive} or the end.
   *
   * @param task the connection
   * @param silentMilliseconds for how long the answer has been awaited
   */
  public void onSuspect(SocketTask task, long silentMilliseconds) {}

  /**
   * The peer that was suspect lives: it has sent something, or has acknowledged what was sent before the question.
   *
   * @param task the connection
   */
  public void onAlive(SocketTask task) {}

  /**
   * The connection was lost or could not be made, and another attempt follows: in the place of {@link #onError} and {@link
   * #onClose}, with {@link SocketTaskBuilder#reconnect} only. Each opening is told by {@link #onOpen}.
   *
   * @param task the connection
   * @param reconnecting what has happened, and when the next attempt comes
   */
  public void onReconnecting(SocketTask task, SocketTaskReconnecting reconnecting) {}

  /**
   * The connection failed. Not called for a connection that the app itself has closed.
   *
   * @param task the connection
   * @param error why
   */
  public void onError(SocketTask task, SocketTaskError error) {}

  /**
   * The connection is over.
   *
   * @param task the connection
   * @param close how it ended
   */
  public void onClose(SocketTask task, SocketTaskClose close) {}

  /**
   * The library holds neither the connection nor this listener any more: exactly once and last, after {@link #onClose} or
   * after {@link SocketTask#release}.
   *
   * @param task the connection
   */
  public void onRelease(SocketTask task) {}
}
