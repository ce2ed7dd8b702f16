package com.sockettask;

import java.nio.ByteBuffer;

/**
 * Between the library and a listener. The library keeps it, and so the listener, until the connection is released; it looks
 * the methods up by name. No exception of a listener gets out of here.
 */
final class Delivery {
  private final SocketTaskListener listener;
  private final SocketTask task;

  /** The connection was not started, and nobody knows of it. */
  private volatile boolean refused;

  Delivery(SocketTaskListener listener, SocketTask task) {
    this.listener = listener;
    this.task = task;
  }

  void refuse() {
    refused = true;
  }

  void onOpen(
      int httpStatus, boolean tlsResumed, String[] headers, String[] texts, long[] times, int attempt) {
    try {
      SocketTaskOpen open = new SocketTaskOpen(httpStatus, tlsResumed, headers, texts, times, attempt);
      task.opened(open);
      listener.onOpen(task, open);
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }

  void onText(String text) {
    try {
      listener.onMessage(task, text);
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }

  void onBytes(byte[] bytes) {
    try {
      listener.onMessage(task, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }

  /** {@code buffer} lies over {@code message}, which is to be given to {@link NativeSocket#releaseMessage}. */
  void onBuffer(ByteBuffer buffer, long message) {
    try {
      listener.onMessage(task, RetainedMessage.keep(buffer, message));
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }

  void onPong(byte[] data, long roundTripMicroseconds) {
    try {
      listener.onPong(task, data, roundTripMicroseconds);
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }

  void onDrain(long sent) {
    try {
      listener.onDrain(task, sent);
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }

  void onSuspect(long silentMilliseconds) {
    try {
      listener.onSuspect(task, silentMilliseconds);
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }

  void onAlive() {
    try {
      listener.onAlive(task);
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }

  void onReconnecting(int attempt, int delay, SocketTaskLoss loss, int kept, int failed) {
    try {
      listener.onReconnecting(task, new SocketTaskReconnecting(attempt, delay, loss, kept, failed));
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }

  void onError(SocketTaskError error) {
    try {
      listener.onError(task, error);
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }

  void onClose(int code, String reason, boolean clean) {
    try {
      task.closed();
      listener.onClose(task, new SocketTaskClose(code, reason, clean));
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    } finally {
      // Nothing more can come of it.
      task.release();
    }
  }

  void onRelease() {
    if (refused) {
      return;
    }
    try {
      listener.onRelease(task);
    } catch (Throwable thrown) {
      Hooks.report(task, thrown);
    }
  }
}
