package com.sockettask;

import java.util.Objects;

/**
 * How a connection that was lost or could not be made is followed by another one, for {@link SocketTaskBuilder#reconnect}. What
 * the library does not accept is found by {@link SocketTaskBuilder#connect}. Not thread-safe.
 */
public final class SocketTaskReconnectOptions {
  /** For {@link #maxAttempts}: as many attempts as it takes. */
  public static final int UNLIMITED = 0;

  /** Is asked before each attempt but the first what it is to be made with: a new token, say. */
  public interface Refresher {
    /**
     * To be answered by a method of {@code refresh}, sooner or later. On a thread of the library: it must not block. An exception
     * fails the attempt.
     *
     * @param refresh the question
     */
    void refresh(SocketTaskRefresh refresh);
  }

  /** Has the last word on whether there is another attempt. */
  public interface Decider {
    /**
     * Decides. On a thread of the library: it must not block. After an exception the rules hold.
     *
     * @param loss what has happened
     * @param would what the rules say
     * @return whether another attempt follows; {@link #maxAttempts} holds all the same
     */
    boolean shouldReconnect(SocketTaskLoss loss, boolean would);
  }

  int minDelay = 1_000;
  int maxDelay = 30_000;
  double factor = 2;
  int maxAttempts = UNLIMITED;
  int stableAfter = 5_000;
  int[] stopCodes = {1000};
  long queue;
  boolean whileHidden;
  Refresher refresher;
  Decider decider;

  /** The library's defaults. */
  public SocketTaskReconnectOptions() {}

  SocketTaskReconnectOptions(SocketTaskReconnectOptions other) {
    minDelay = other.minDelay;
    maxDelay = other.maxDelay;
    factor = other.factor;
    maxAttempts = other.maxAttempts;
    stableAfter = other.stableAfter;
    stopCodes = other.stopCodes;
    queue = other.queue;
    whileHidden = other.whileHidden;
    refresher = other.refresher;
    decider = other.decider;
  }

  /**
   * Sets the first bound of the delay: before attempt n in a row a random time between 0 and min({@link #maxDelay}, this ·
   * {@link #factor}ⁿ⁻¹) is waited ("full jitter"), so that clients that a server has lost all at once do not come back all at
   * once.
   *
   * @param milliseconds 1 000 by default; not more than {@link #maxDelay}
   * @return this
   * @throws IllegalArgumentException for a negative number
   */
  public SocketTaskReconnectOptions minDelay(int milliseconds) {
    minDelay = SocketTaskBuilder.notNegative(milliseconds, "minDelay");
    return this;
  }

  /**
   * Sets the largest bound of the delay.
   *
   * @param milliseconds 30 000 by default
   * @return this
   * @throws IllegalArgumentException for a negative number
   */
  public SocketTaskReconnectOptions maxDelay(int milliseconds) {
    maxDelay = SocketTaskBuilder.notNegative(milliseconds, "maxDelay");
    return this;
  }

  /**
   * Sets by how much the bound of the delay grows with each attempt.
   *
   * @param factor 1 or more; 2 by default
   * @return this
   */
  public SocketTaskReconnectOptions factor(double factor) {
    this.factor = factor;
    return this;
  }

  /**
   * Sets how many attempts in a row are made after the first.
   *
   * @param attempts {@link #UNLIMITED}, the default, or more
   * @return this
   * @throws IllegalArgumentException for a negative number
   */
  public SocketTaskReconnectOptions maxAttempts(int attempts) {
    maxAttempts = SocketTaskBuilder.notNegative(attempts, "maxAttempts");
    return this;
  }

  /**
   * Sets how long a connection has to be open for the attempts to be counted anew.
   *
   * @param milliseconds 5 000 by default
   * @return this
   * @throws IllegalArgumentException for a negative number
   */
  public SocketTaskReconnectOptions stableAfter(int milliseconds) {
    stableAfter = SocketTaskBuilder.notNegative(milliseconds, "stableAfter");
    return this;
  }

  /**
   * Sets the close codes of the server after which there is no other attempt.
   *
   * @param codes 1000 to 4999 each; 1000 alone by default; copied
   * @return this
   */
  public SocketTaskReconnectOptions stopCodes(int... codes) {
    stopCodes = codes.clone();
    return this;
  }

  /**
   * Keeps messages for the next connection, which are sent in order then: those that were not handed to the operating system
   * when a connection was lost, and those that are sent between connections.
   *
   * @param bytes how much, where each message counts 64 more; 0, the default, keeps none
   * @return this
   * @throws IllegalArgumentException for a negative number
   */
  public SocketTaskReconnectOptions queue(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("queue must not be negative");
    }
    queue = bytes;
    return this;
  }

  /**
   * Sets whether attempts are made while the app is in the background.
   *
   * @param attempts false by default
   * @return this
   */
  public SocketTaskReconnectOptions whileHidden(boolean attempts) {
    whileHidden = attempts;
    return this;
  }

  /**
   * Sets who is asked before each attempt but the first. With one, HTTP 401 and 403 are followed by one more attempt if it gives
   * something new; they are the end without.
   *
   * @param refresher kept as long as the connection
   * @return this
   */
  public SocketTaskReconnectOptions refresh(Refresher refresher) {
    this.refresher = Objects.requireNonNull(refresher, "refresher");
    return this;
  }

  /**
   * Sets who has the last word on whether there is another attempt.
   *
   * @param decider kept as long as the connection
   * @return this
   */
  public SocketTaskReconnectOptions shouldReconnect(Decider decider) {
    this.decider = Objects.requireNonNull(decider, "decider");
    return this;
  }

  /** Sets all of it on a new connection, and returns a status of {@link NativeSocket}. */
  int apply(long handle) {
    int status =
        NativeSocket.setReconnect(
            handle, minDelay, maxDelay, factor, maxAttempts, stableAfter, stopCodes, queue, whileHidden);
    if (status == NativeSocket.OK && refresher != null) {
      status = NativeSocket.setRefreshHook(handle, refresher);
    }
    if (status == NativeSocket.OK && decider != null) {
      status = NativeSocket.setShouldReconnectHook(handle, decider);
    }
    return status;
  }
}
