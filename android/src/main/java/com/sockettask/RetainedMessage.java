package com.sockettask;

import android.os.Build;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;

/**
 * Memory of the library under a direct buffer. It is given back when the garbage collector has found the buffer
 * unreachable, which it is not as long as there are views of it.
 */
final class RetainedMessage extends PhantomReference<ByteBuffer> {
  private static final ReferenceQueue<ByteBuffer> UNREACHABLE = new ReferenceQueue<>();
  private static final Object LOCK = new Object();

  /** The newest of those in use. One that were itself unreachable would never come into the queue. */
  private static RetainedMessage first;

  private static Thread releaser;

  private final long message;
  private RetainedMessage previous;
  private RetainedMessage next;

  private RetainedMessage(ByteBuffer buffer, long message) {
    super(buffer, UNREACHABLE);
    this.message = message;
  }

  /** Before Android 8.1 a view of a buffer over native memory did not keep that buffer reachable. */
  static boolean viewsKeepBuffersReachable() {
    return !"Dalvik".equals(System.getProperty("java.vm.name")) || Build.VERSION.SDK_INT >= 27;
  }

  /** What the app is given in the place of {@code buffer}, which lies over {@code message}. */
  static ByteBuffer keep(ByteBuffer buffer, long message) {
    boolean kept = false;
    try {
      ByteBuffer view = buffer.asReadOnlyBuffer();
      RetainedMessage retained = new RetainedMessage(buffer, message);
      synchronized (LOCK) {
        if (releaser == null) {
          Thread thread = new Thread(RetainedMessage::releaseUnreachable, "socket-task-memory");
          thread.setDaemon(true);
          thread.start();
          releaser = thread;
        }
        retained.link();
      }
      kept = true;
      return view;
    } finally {
      if (!kept) {
        NativeSocket.releaseMessage(message);
      }
    }
  }

  private static void releaseUnreachable() {
    while (true) {
      try {
        RetainedMessage retained = (RetainedMessage) UNREACHABLE.remove();
        synchronized (LOCK) {
          retained.unlink();
        }
        NativeSocket.releaseMessage(retained.message);
      } catch (InterruptedException ignored) {
        // There is no end to this work.
      }
    }
  }

  private void link() {
    next = first;
    if (first != null) {
      first.previous = this;
    }
    first = this;
  }

  private void unlink() {
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
  }
}
