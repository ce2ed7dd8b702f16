package com.sockettask;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A server that does by hand, in one thread for each connection, what a proper one never would. */
final class RawServer implements Closeable {
  interface Script {
    /** {@code request} is the head of the request, as it came. */
    void play(Socket socket, String request) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;

  /** The heads of the requests. */
  final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  RawServer(Script script) throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(() -> accept(script), "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  String url(String path) {
    return "ws://127.0.0.1:" + listener.getLocalPort() + path;
  }

  private void accept(Script script) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread thread = new Thread(() -> play(socket, script), "raw-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void play(Socket socket, Script script) {
    try (socket) {
      String request = head(socket.getInputStream());
      requests.add(request);
      script.play(socket, request);
    } catch (IOException | InterruptedException gone) {
      // The client may go when it likes.
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the request ends early");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  static String header(String request, String name) {
    for (String line : request.split("\r\n")) {
      if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
        return line.substring(name.length() + 1).trim();
      }
    }
    return null;
  }

  /** Accepts the WebSocket. */
  static void open(Socket socket, String request) throws IOException {
    open(socket, request, "");
  }

  static void open(Socket socket, String request, String headers) throws IOException {
    String key = header(request, "Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    write(
        socket,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + headers
            + "Sec-WebSocket-Accept: "
            + Base64.getEncoder().encodeToString(sha1(key))
            + "\r\n\r\n");
  }

  static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  static void write(Socket socket, int... bytes) throws IOException {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    socket.getOutputStream().write(content);
    socket.getOutputStream().flush();
  }

  /** Reads until the client ends the connection. */
  static byte[] readAll(Socket socket) throws IOException {
    return socket.getInputStream().readAllBytes();
  }

  private static byte[] sha1(String text) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
