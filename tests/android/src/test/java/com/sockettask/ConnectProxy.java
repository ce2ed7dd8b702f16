package com.sockettask;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** An HTTP proxy that knows CONNECT (RFC 9110, section 9.3.6). */
final class ConnectProxy implements Closeable {
  /** What it was asked for, "CONNECT host:port HTTP/1.1". */
  final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

  private final ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());

  ConnectProxy() throws IOException {
    start(
        () -> {
          while (true) {
            Socket client = socket.accept();
            start(() -> serve(client));
          }
        });
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void serve(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    StringBuilder request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        client.close();
        return;
      }
      request.append((char) next);
    }
    String line = request.substring(0, request.indexOf("\r\n"));
    requests.add(line);
    String authority = line.split(" ")[1];
    int colon = authority.lastIndexOf(':');
    // Without asking the selector that has led here.
    Socket server = new Socket(Proxy.NO_PROXY);
    server.connect(
        new InetSocketAddress(authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1))));
    client.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    start(() -> copy(server, client));
    copy(client, server);
  }

  private static void copy(Socket from, Socket to) throws IOException {
    byte[] buffer = new byte[8192];
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    try (from; to) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        out.write(buffer, 0, length);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Runnable contained =
        () -> {
          try {
            work.run();
          } catch (IOException over) {
            // One of the peers is gone, or the test.
          }
        };
    Thread thread = new Thread(contained, "proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
