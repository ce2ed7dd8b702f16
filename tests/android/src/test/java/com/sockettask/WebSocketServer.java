package com.sockettask;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket server that takes what comes and answers nothing: no message, no ping, no Close frame. */
final class WebSocketServer implements Closeable {
  static final int TEXT = 1;
  static final int PING = 9;

  private final ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  private final BlockingQueue<Integer> frames = new LinkedBlockingQueue<>();

  WebSocketServer() throws IOException {
    Thread thread = new Thread(this::accept, "silent-server");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "ws://127.0.0.1:" + socket.getLocalPort();
  }

  /** The opcode of the next frame that has come. */
  int nextFrame() throws InterruptedException {
    Integer opcode = frames.poll(20, TimeUnit.SECONDS);
    if (opcode == null) {
      throw new AssertionError("no frame has come");
    }
    return opcode;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    try (Socket connection = socket.accept()) {
      serve(connection);
    } catch (Exception over) {
      // The client is gone, or the test.
    }
  }

  private void serve(Socket connection) throws Exception {
    DataInputStream in = new DataInputStream(connection.getInputStream());
    StringBuilder request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      request.append((char) in.readUnsignedByte());
    }
    String key = request.toString().replaceFirst("(?is).*Sec-WebSocket-Key: *(\\S+).*", "$1");
    MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
    byte[] digest = sha1.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
    String response =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            + Base64.getEncoder().encodeToString(digest)
            + "\r\n\r\n";
    OutputStream out = connection.getOutputStream();
    out.write(response.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    while (true) {
      int opcode = in.readUnsignedByte() & 15;
      // Short and masked, as everything that the tests send.
      in.readFully(new byte[4 + (in.readUnsignedByte() & 127)]);
      frames.add(opcode);
    }
  }
}
