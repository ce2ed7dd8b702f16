package com.sockettask;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what happens to a connection, as words. */
final class Recorder extends SocketTaskListener {
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  String next() throws InterruptedException {
    String event = events.poll(20, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("nothing has happened");
    }
    return event;
  }

  /** Nothing happens for a moment. */
  boolean isQuiet() throws InterruptedException {
    return events.poll(300, TimeUnit.MILLISECONDS) == null;
  }

  @Override
  public void onOpen(SocketTask task, SocketTaskOpen open) {
    events.add("open");
  }

  @Override
  public void onReconnecting(SocketTask task, SocketTaskReconnecting reconnecting) {
    events.add("reconnecting " + reconnecting.getLoss().getCode());
  }

  @Override
  public void onMessage(SocketTask task, String text) {
    events.add("text " + text);
  }

  @Override
  public void onError(SocketTask task, SocketTaskError error) {
    events.add("error " + error.getPhase() + " " + error.getCode());
  }

  @Override
  public void onClose(SocketTask task, SocketTaskClose close) {
    events.add("close " + close.getCode());
  }
}
