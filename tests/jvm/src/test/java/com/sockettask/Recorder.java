package com.sockettask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a connection tells, in order. Messages also go into a queue of their own, to wait for. */
class Recorder extends SocketTaskListener {
  private static final int PATIENCE_SECONDS = 60;

  final List<String> order = new ArrayList<>();
  final BlockingQueue<Object> messages = new LinkedBlockingQueue<>();
  final BlockingQueue<byte[]> pongs = new LinkedBlockingQueue<>();
  final BlockingQueue<Long> drains = new LinkedBlockingQueue<>();
  final CountDownLatch opened = new CountDownLatch(1);
  final CountDownLatch closed = new CountDownLatch(1);
  final CountDownLatch released = new CountDownLatch(1);
  volatile SocketTaskOpen open;
  volatile SocketTaskError error;
  volatile SocketTaskClose close;
  volatile long roundTrip;
  volatile long silence;
  volatile boolean revived;

  private synchronized void note(String event) {
    order.add(event);
  }

  synchronized List<String> events() {
    return new ArrayList<>(order);
  }

  @Override
  public void onOpen(SocketTask task, SocketTaskOpen open) {
    note("open");
    this.open = open;
    opened.countDown();
  }

  @Override
  public void onMessage(SocketTask task, String text) {
    note("text");
    messages.add(text);
  }

  @Override
  public void onMessage(SocketTask task, ByteBuffer bytes) {
    note("binary");
    messages.add(bytes);
  }

  @Override
  public void onPong(SocketTask task, byte[] data, long roundTripMicroseconds) {
    note("pong");
    roundTrip = roundTripMicroseconds;
    pongs.add(data);
  }

  @Override
  public void onDrain(SocketTask task, long sent) {
    note("drain");
    drains.add(sent);
  }

  @Override
  public void onSuspect(SocketTask task, long silentMilliseconds) {
    silence = silentMilliseconds;
  }

  @Override
  public void onAlive(SocketTask task) {
    revived = silence > 0;
  }

  @Override
  public void onError(SocketTask task, SocketTaskError error) {
    note("error");
    this.error = error;
  }

  @Override
  public void onClose(SocketTask task, SocketTaskClose close) {
    note("close");
    this.close = close;
    closed.countDown();
  }

  @Override
  public void onRelease(SocketTask task) {
    note("release");
    released.countDown();
  }

  static void await(CountDownLatch latch, String what) {
    try {
      if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(what + " did not come");
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  SocketTaskOpen awaitOpen() {
    try {
      for (int tries = 0; tries < PATIENCE_SECONDS * 100; tries++) {
        if (opened.await(10, TimeUnit.MILLISECONDS)) {
          return open;
        }
        if (closed.getCount() == 0) {
          throw new AssertionError("it did not open: " + error);
        }
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    throw new AssertionError("it did not open");
  }

  SocketTaskClose awaitClose() {
    await(closed, "onClose");
    return close;
  }

  /** Why it failed, with what always follows. */
  SocketTaskError awaitError() {
    awaitClose();
    assertNotNull(error, "it closed without an error: " + close);
    return error;
  }

  void awaitRelease() {
    await(released, "onRelease");
  }

  static <T> T next(BlockingQueue<T> queue, String what) {
    try {
      T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError(what + " did not come");
      }
      return next;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  String text() {
    return (String) next(messages, "a message");
  }

  ByteBuffer binary() {
    return (ByteBuffer) next(messages, "a message");
  }

  byte[] bytes() {
    return bytes(binary());
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  static void assertQueued(SocketTask.SendResult result) {
    assertEquals(SocketTask.SendResult.QUEUED, result);
  }
}
