package com.example.app;

import com.sockettask.SocketTask;
import com.sockettask.SocketTaskClose;
import com.sockettask.SocketTaskError;
import com.sockettask.SocketTaskListener;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;

/** An app that is shrunk with the library: {@code App URL CLASS METHOD}. It says what it sees, a word a line. */
public final class App {
  private App() {}

  /** The arguments name what Rust looks up by name, so that the shrinker cannot see it. */
  public static void main(String[] arguments) throws Exception {
    Class<?> verifier = Class.forName(arguments[1]);
    long found = 0;
    for (java.lang.reflect.Method method : verifier.getDeclaredMethods()) {
      found += method.getName().equals(arguments[2]) ? 1 : 0;
    }
    System.out.println("verifier " + found);

    CountDownLatch over = new CountDownLatch(1);
    SocketTask.builder(arguments[0])
        .proxyResolver(url -> null)
        .connect(
            new SocketTaskListener() {
              @Override
              public void onOpen(SocketTask task, com.sockettask.SocketTaskOpen open) {
                task.send("text");
              }

              @Override
              public void onMessage(SocketTask task, String text) {
                System.out.println(text);
                task.send(new byte[100_000]);
              }

              @Override
              public void onMessage(SocketTask task, ByteBuffer bytes) {
                System.out.println(bytes.remaining());
                task.ping(new byte[] {1});
              }

              @Override
              public void onPong(SocketTask task, byte[] data, long roundTripMicroseconds) {
                System.out.println("pong");
                task.close(3000, "enough");
              }

              @Override
              public void onError(SocketTask task, SocketTaskError error) {
                System.out.println(error);
              }

              @Override
              public void onClose(SocketTask task, SocketTaskClose close) {
                System.out.println(close.getCode() + " " + close.getReason());
                over.countDown();
              }
            });
    over.await();
  }
}
