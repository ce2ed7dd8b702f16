package com.sockettask;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The echo server of the crate socket-task-testing, which scripts/with-echo-server has started; its README has the paths. */
final class EchoServer {
  private static final Map<String, String> FACTS = new HashMap<>();

  static {
    for (String pair : System.getenv("SOCKET_TASK_SERVER").trim().split(" ")) {
      int equals = pair.indexOf('=');
      FACTS.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
  }

  private EchoServer() {}

  /** What the server has printed of itself. */
  static String fact(String key) {
    String value = FACTS.get(key);
    if (value == null) {
      throw new IllegalArgumentException("the server says nothing of " + key);
    }
    return value;
  }

  static String ws(String path) {
    return "ws://127.0.0.1:" + fact("ws_port") + path;
  }

  /** A port whose key ends in {@code _port}. */
  static String wss(String key, String path) {
    return "wss://localhost:" + fact(key) + path;
  }

  /** The content of a file that the server has written. */
  static byte[] file(String key) {
    try {
      return Files.readAllBytes(Path.of(fact(key)));
    } catch (IOException error) {
      throw new AssertionError(error);
    }
  }

  /** With the server's authority as the only one. */
  static SocketTaskBuilder trusting(String key, String path) {
    return SocketTask.builder(wss(key, path))
        .trustRoots(SocketTaskBuilder.TrustRoots.NONE)
        .addCaCertificates(file("ca"));
  }
}
