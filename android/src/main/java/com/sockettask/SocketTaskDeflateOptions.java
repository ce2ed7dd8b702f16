package com.sockettask;

/** What to offer of permessage-deflate (RFC 7692), for {@link SocketTaskBuilder#perMessageDeflate}. Not thread-safe. */
public final class SocketTaskDeflateOptions {
  /** Lets the library, or the server, choose. */
  public static final int DEFAULT = -1;

  boolean clientNoContextTakeover;
  boolean serverNoContextTakeover;
  int clientMaxWindowBits = DEFAULT;
  int serverMaxWindowBits = DEFAULT;
  int level = DEFAULT;
  int threshold = 1024;

  /** The library's defaults. */
  public SocketTaskDeflateOptions() {}

  SocketTaskDeflateOptions(SocketTaskDeflateOptions other) {
    clientNoContextTakeover = other.clientNoContextTakeover;
    serverNoContextTakeover = other.serverNoContextTakeover;
    clientMaxWindowBits = other.clientMaxWindowBits;
    serverMaxWindowBits = other.serverMaxWindowBits;
    level = other.level;
    threshold = other.threshold;
  }

  /**
   * Forgets our window after each message: less memory, worse compression.
   *
   * @param noContextTakeover false by default
   * @return this
   */
  public SocketTaskDeflateOptions clientNoContextTakeover(boolean noContextTakeover) {
    clientNoContextTakeover = noContextTakeover;
    return this;
  }

  /**
   * Asks the server to do so.
   *
   * @param noContextTakeover false by default
   * @return this
   */
  public SocketTaskDeflateOptions serverNoContextTakeover(boolean noContextTakeover) {
    serverNoContextTakeover = noContextTakeover;
    return this;
  }

  /**
   * Sets the size of our window.
   *
   * @param bits the window is 2 to the power of this, 8 to 15; {@link #DEFAULT}: as the server wants
   * @return this
   */
  public SocketTaskDeflateOptions clientMaxWindowBits(int bits) {
    clientMaxWindowBits = bits;
    return this;
  }

  /**
   * Asks the server for a size of its window.
   *
   * @param bits 8 to 15; {@link #DEFAULT}: as it likes
   * @return this
   */
  public SocketTaskDeflateOptions serverMaxWindowBits(int bits) {
    serverMaxWindowBits = bits;
    return this;
  }

  /**
   * Sets how much work goes into compression.
   *
   * @param level 0 (none) to 9 (best); {@link #DEFAULT}: a good balance
   * @return this
   */
  public SocketTaskDeflateOptions level(int level) {
    this.level = level;
    return this;
  }

  /**
   * Sets from how many bytes on a message is compressed.
   *
   * @param bytes messages with fewer are sent as they are
   * @return this
   * @throws IllegalArgumentException for a negative number
   */
  public SocketTaskDeflateOptions threshold(int bytes) {
    threshold = SocketTaskBuilder.notNegative(bytes, "threshold");
    return this;
  }
}
