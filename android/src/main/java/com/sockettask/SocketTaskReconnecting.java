package com.sockettask;

/** A connection was lost or could not be made, and another attempt follows. Immutable. */
public final class SocketTaskReconnecting {
  private final int attempt;
  private final int delayMilliseconds;
  private final SocketTaskLoss loss;
  private final int keptMessages;
  private final int failedMessages;

  SocketTaskReconnecting(
      int attempt, int delayMilliseconds, SocketTaskLoss loss, int keptMessages, int failedMessages) {
    this.attempt = attempt;
    this.delayMilliseconds = delayMilliseconds;
    this.loss = loss;
    this.keptMessages = keptMessages;
    this.failedMessages = failedMessages;
  }

  /** {@return which attempt in a row comes now; 1 after a connection that was open long enough} */
  public int getAttempt() {
    return attempt;
  }

  /**
   * {@return how long until then, in milliseconds, unless the network or the app's coming to the foreground brings it nearer,
   * or their absence puts it off}
   */
  public int getDelayMilliseconds() {
    return delayMilliseconds;
  }

  /** {@return what has happened} */
  public SocketTaskLoss getLoss() {
    return loss;
  }

  /** {@return how many messages that were queued and not handed to the operating system are kept: the oldest} */
  public int getKeptMessages() {
    return keptMessages;
  }

  /** {@return how many of those messages have failed: all that are not kept} */
  public int getFailedMessages() {
    return failedMessages;
  }

  @Override
  public String toString() {
    return "SocketTaskReconnecting{attempt " + attempt + " in " + delayMilliseconds + " ms, " + loss + "}";
  }
}
