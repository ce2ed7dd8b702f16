package com.sockettask;

/**
 * The question what the next attempt is to be made with, for {@link SocketTaskReconnectOptions#refresh}. Answer it once, sooner
 * or later, on any thread; later answers change nothing. One that is not answered within {@link SocketTaskBuilder#timeout} has
 * failed.
 */
public final class SocketTaskRefresh {
  private final long handle;
  private final int attempt;
  private final SocketTaskLoss loss;
  private final long ticket;

  SocketTaskRefresh(long handle, int attempt, SocketTaskLoss loss, long ticket) {
    this.handle = handle;
    this.attempt = attempt;
    this.loss = loss;
    this.ticket = ticket;
  }

  /** {@return which attempt in a row it is, from 1} */
  public int getAttempt() {
    return attempt;
  }

  /** {@return what has happened} */
  public SocketTaskLoss getLoss() {
    return loss;
  }

  /**
   * Answers: with another URL, other header fields and other sub-protocols, which take the place of all that there were, for this
   * attempt and those after it. What else the builder has is not used.
   *
   * @param fresh is read here
   * @return whether the answer was still awaited
   * @throws IllegalArgumentException for a URL or an option that is not acceptable; the question is not answered then
   */
  public boolean connectWith(SocketTaskBuilder fresh) {
    long options = fresh.create();
    try {
      return NativeSocket.answerRefresh(handle, ticket, options) == NativeSocket.OK;
    } finally {
      NativeSocket.release(options);
    }
  }

  /**
   * Answers: with what the last attempt was made with.
   *
   * @return whether the answer was still awaited
   */
  public boolean connectAsBefore() {
    return NativeSocket.answerRefresh(handle, ticket, 0) == NativeSocket.OK;
  }

  /**
   * Answers: there is nothing to connect with now. The attempt has failed, and another follows by the same rules.
   *
   * @return whether the answer was still awaited
   */
  public boolean fail() {
    return NativeSocket.failRefresh(handle, ticket) == NativeSocket.OK;
  }
}
