package com.sockettask;

import static com.sockettask.Recorder.assertQueued;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Close codes, the order of events, releases, and listeners that throw. */
class EndingTest {
  @ParameterizedTest
  @CsvSource({"'',1005,''", "?code=1000&reason=bye,1000,bye", "?code=1001,1001,''", "?code=3000&reason=%E4%B8%96,3000,世"})
  void theServerCloses(String query, int code, String reason) {
    Recorder recorder = new Recorder();
    SocketTask task = SocketTask.builder(EchoServer.ws("/close" + query)).connect(recorder);
    SocketTaskClose close = recorder.awaitClose();
    assertEquals(code, close.getCode());
    assertEquals(reason, close.getReason());
    assertTrue(close.wasClean());
    assertNull(recorder.error);
    recorder.awaitRelease();
    assertEquals(List.of("open", "close", "release"), recorder.events());
    assertEquals(SocketTask.ReadyState.CLOSED, task.getReadyState());
  }

  @ParameterizedTest
  @CsvSource({"1000,'',1000", "1000,bye,1000", "3000,世界,3000", "4999,x,4999", "0,'',1005"})
  void weClose(int code, String reason, int answered) throws IOException {
    BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    try (RawServer server =
        new RawServer(
            (socket, request) -> {
              RawServer.open(socket, request);
              byte[] head = socket.getInputStream().readNBytes(2);
              byte[] rest = socket.getInputStream().readNBytes((head[1] & 0x7f) + 4);
              byte[] payload = new byte[head[1] & 0x7f];
              int[] echo = new int[2 + payload.length];
              echo[0] = 0x88;
              echo[1] = payload.length;
              for (int i = 0; i < payload.length; i++) {
                payload[i] = (byte) (rest[4 + i] ^ rest[i % 4]);
                echo[2 + i] = payload[i];
              }
              received.add(payload);
              RawServer.write(socket, echo);
            })) {
      Recorder recorder = new Recorder();
      SocketTask task = SocketTask.builder(server.url("/")).connect(recorder);
      recorder.awaitOpen();
      task.close(code, reason);
      byte[] payload = Recorder.next(received, "the Close frame");
      if (code == SocketTask.NO_CODE) {
        assertEquals(0, payload.length);
      } else {
        ByteBuffer frame = ByteBuffer.wrap(payload);
        assertEquals(code, frame.getShort() & 0xffff);
        assertEquals(reason, java.nio.charset.StandardCharsets.UTF_8.decode(frame).toString());
      }
      SocketTaskClose close = recorder.awaitClose();
      assertEquals(answered, close.getCode());
      assertTrue(close.wasClean());
    }
  }

  @Test
  void closeIsNormalClosure() {
    Recorder recorder = new Recorder();
    try (SocketTask task = SocketTask.builder(EchoServer.ws("/")).connect(recorder)) {
      recorder.awaitOpen();
      assertQueued(task.send("before"));
    }
    assertEquals(1000, recorder.awaitClose().getCode());
    recorder.awaitRelease();
  }

  @Test
  void whatCannotBeSentInACloseFrameIsRefused() {
    Recorder recorder = new Recorder();
    SocketTask task = SocketTask.builder(EchoServer.ws("/")).connect(recorder);
    recorder.awaitOpen();
    for (int code : new int[] {-1, 1, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65536, 66536, Integer.MIN_VALUE}) {
      Exception refused = assertThrows(IllegalArgumentException.class, () -> task.close(code, ""), String.valueOf(code));
      assertTrue(refused.getMessage().startsWith("the close code " + code + " "), refused.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> task.close(SocketTask.NO_CODE, "why"));
    assertThrows(IllegalArgumentException.class, () -> task.close(1000, "x".repeat(124)));
    assertThrows(IllegalArgumentException.class, () -> task.close(1000, "世".repeat(42)));
    assertEquals(SocketTask.ReadyState.OPEN, task.getReadyState());
    assertQueued(task.send("still here"));
    assertEquals("still here", recorder.text());
    task.close(1000, "世".repeat(41));
    assertEquals("世".repeat(41), recorder.awaitClose().getReason());
  }

  @ParameterizedTest
  @CsvSource({
    "03,'one byte, 3, where a code has two'",
    "03ee,'the code 1006, which may not be sent'",
    "0fa0ff,the code 4000 and a reason that is not valid UTF-8"
  })
  void aBadCloseFrameIsToldWithItsCode(String payload, String text) {
    Recorder recorder = new Recorder();
    SocketTask.builder(EchoServer.ws("/close-payload?hex=" + payload)).connect(recorder);
    SocketTaskError error = recorder.awaitError();
    assertEquals(SocketTaskError.Phase.PROTOCOL, error.getPhase());
    assertTrue(error.getMessage().contains(text), error.getMessage());
    assertEquals(1006, recorder.awaitClose().getCode());
  }

  @ParameterizedTest
  @CsvSource({"/reset,CONNECTION_RESET", "/fin,CONNECTION_ENDED", "/truncate,CONNECTION_ENDED"})
  void theConnectionIsLost(String path, SocketTaskErrorCode code) {
    Recorder recorder = new Recorder();
    SocketTask.builder(EchoServer.ws(path)).connect(recorder);
    SocketTaskError error = recorder.awaitError();
    assertEquals(code, error.getCode());
    assertEquals(SocketTaskError.Phase.CLOSED, error.getPhase());
    assertEquals(1006, recorder.close.getCode());
    assertFalse(recorder.close.wasClean());
    recorder.awaitRelease();
    assertEquals(List.of("open", "error", "close", "release"), recorder.events());
  }

  @Test
  void closingWhileConnecting() {
    Recorder recorder = new Recorder();
    SocketTask task = SocketTask.builder(EchoServer.ws("/silent")).connect(recorder);
    assertEquals(SocketTask.ReadyState.CONNECTING, task.getReadyState());
    assertEquals(SocketTask.SendResult.NOT_OPEN, task.send("too early"));
    assertEquals(SocketTask.SendResult.NOT_OPEN, task.send(new byte[1]));
    assertEquals(SocketTask.SendResult.NOT_OPEN, task.ping());
    task.close();
    assertEquals(1006, recorder.awaitClose().getCode());
    assertNull(recorder.error);
    recorder.awaitRelease();
    assertEquals(List.of("close", "release"), recorder.events());
  }

  @Test
  void everythingCanBeCalledAfterTheEnd() {
    Recorder recorder = new Recorder();
    SocketTask task = SocketTask.builder(EchoServer.ws("/")).addProtocol("chat").connect(recorder);
    recorder.awaitOpen();
    task.close();
    recorder.awaitRelease();
    for (int round = 0; round < 2; round++) {
      assertEquals(SocketTask.SendResult.NOT_OPEN, task.send("x"));
      assertEquals(SocketTask.SendResult.NOT_OPEN, task.send(new byte[100_000]));
      assertEquals(SocketTask.SendResult.NOT_OPEN, task.send(ByteBuffer.allocateDirect(10)));
      assertEquals(SocketTask.SendResult.NOT_OPEN, task.ping());
      task.close();
      task.close(3000, "again");
      task.pause();
      task.resume();
      task.probe(1);
      assertEquals(SocketTask.ReadyState.CLOSED, task.getReadyState());
      assertEquals(0, task.getBufferedAmount());
      assertEquals("chat", task.getProtocol());
      task.release();
    }
    assertEquals(1, recorder.events().stream().filter("close"::equals).count());
    assertEquals(1, recorder.events().stream().filter("release"::equals).count());
  }

  @Test
  void releaseOfAnOpenConnectionClosesIt() throws IOException {
    BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    try (RawServer server =
        new RawServer(
            (socket, request) -> {
              RawServer.open(socket, request);
              byte[] frame = socket.getInputStream().readNBytes(8);
              received.add(new byte[] {(byte) (frame[6] ^ frame[2]), (byte) (frame[7] ^ frame[3])});
              RawServer.write(socket, 0x88, 0);
            })) {
      Recorder recorder = new Recorder();
      SocketTask task = SocketTask.builder(server.url("/")).connect(recorder);
      recorder.awaitOpen();
      task.release();
      recorder.awaitRelease();
      assertEquals(1001, ByteBuffer.wrap(Recorder.next(received, "the Close frame")).getShort());
      assertEquals(List.of("open", "release"), recorder.events());
    }
  }

  /** Runs {@code act} in one of the callbacks. */
  private static class Acting extends Recorder {
    final String where;
    final BiConsumer<SocketTask, String> act;

    Acting(String where, BiConsumer<SocketTask, String> act) {
      this.where = where;
      this.act = act;
    }

    void at(SocketTask task, String event) {
      if (event.equals(where)) {
        act.accept(task, event);
      }
    }

    @Override
    public void onOpen(SocketTask task, SocketTaskOpen open) {
      super.onOpen(task, open);
      at(task, "open");
    }

    @Override
    public void onMessage(SocketTask task, String text) {
      super.onMessage(task, text);
      at(task, "text");
    }

    @Override
    public void onMessage(SocketTask task, ByteBuffer bytes) {
      super.onMessage(task, bytes);
      at(task, bytes.isDirect() ? "direct" : "binary");
    }

    @Override
    public void onPong(SocketTask task, byte[] data, long rtt) {
      super.onPong(task, data, rtt);
      at(task, "pong");
    }

    @Override
    public void onDrain(SocketTask task, long sent) {
      super.onDrain(task, sent);
      at(task, "drain");
    }

    @Override
    public void onError(SocketTask task, SocketTaskError error) {
      super.onError(task, error);
      at(task, "error");
    }

    @Override
    public void onClose(SocketTask task, SocketTaskClose close) {
      super.onClose(task, close);
      at(task, "close");
    }

    @Override
    public void onRelease(SocketTask task) {
      super.onRelease(task);
      at(task, "release");
    }
  }

  /** A server that makes all events come: messages of all kinds, then a protocol error. */
  private static void provoke(SocketTask task) {
    task.ping();
    task.send("text");
    task.send(new byte[10]);
    task.send(new byte[100_000]);
  }

  private static RawServer everything() throws IOException {
    return new RawServer(
        (socket, request) -> {
          RawServer.open(socket, request);
          RawServer.write(socket, 0x8a, 0, 0x81, 1, 'x', 0x82, 1, 1);
          byte[] large = new byte[70_000];
          RawServer.write(socket, 0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70);
          socket.getOutputStream().write(large);
          // The queue of the client drains meanwhile; what ends it is a reserved opcode.
          Thread.sleep(100);
          RawServer.write(socket, 0x83, 0);
          RawServer.readAll(socket);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "pong", "text", "binary", "direct", "drain", "error", "close", "release"})
  void releaseInACallback(String where) throws IOException {
    try (RawServer server = everything()) {
      Acting recorder = new Acting(where, (task, event) -> task.release());
      SocketTask task = SocketTask.builder(server.url("/")).connect(recorder);
      recorder.awaitOpen();
      provoke(task);
      recorder.awaitRelease();
      List<String> events = recorder.events();
      String last = where.equals("direct") ? "binary" : where;
      if (!where.equals("release")) {
        assertEquals(last, events.get(events.size() - 2), events.toString());
      }
      assertEquals("release", events.get(events.size() - 1));
      assertEquals(1, events.stream().filter("release"::equals).count());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "pong", "text", "binary", "direct", "drain", "error", "close", "release"})
  void aListenerThatThrows(String where) throws IOException, InterruptedException {
    BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    BlockingQueue<SocketTask> tasks = new LinkedBlockingQueue<>();
    SocketTask.setExceptionHandler(
        (task, exception) -> {
          tasks.add(task);
          thrown.add(exception);
          throw new IllegalStateException("the handler throws, too");
        });
    try (RawServer server = everything()) {
      Error exception = new StackOverflowError("in " + where);
      Acting recorder =
          new Acting(
              where,
              (task, event) -> {
                throw exception;
              });
      SocketTask task = SocketTask.builder(server.url("/")).connect(recorder);
      recorder.awaitOpen();
      provoke(task);
      recorder.awaitRelease();
      assertEquals(exception, Recorder.next(thrown, "the exception"));
      assertEquals(task, Recorder.next(tasks, "the connection"));
      List<String> events = recorder.events();
      assertTrue(events.containsAll(List.of("open", "pong", "text", "binary", "error", "close")), events.toString());
      assertEquals("release", events.get(events.size() - 1));
      assertEquals(1, events.stream().filter("close"::equals).count());
    } finally {
      SocketTask.setExceptionHandler(null);
    }
  }

  @Test
  void byDefaultExceptionsGoToTheLog() {
    BlockingQueue<Throwable> logged = new LinkedBlockingQueue<>();
    java.util.logging.Logger logger = java.util.logging.Logger.getLogger("com.sockettask");
    java.util.logging.Handler handler =
        new java.util.logging.Handler() {
          @Override
          public void publish(java.util.logging.LogRecord line) {
            logged.add(line.getThrown());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      RuntimeException exception = new RuntimeException("thrown");
      Acting recorder =
          new Acting(
              "open",
              (task, event) -> {
                throw exception;
              });
      SocketTask task = SocketTask.builder(EchoServer.ws("/")).connect(recorder);
      assertEquals(exception, Recorder.next(logged, "a line of the log"));
      task.close();
      recorder.awaitRelease();
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
  }

  /** The library keeps a connection to which the app has no reference, and lets go of it in the end. */
  @Test
  void anAppNeedNotKeepItsConnections() throws IOException {
    Semaphore go = new Semaphore(0);
    try (RawServer server =
        new RawServer(
            (socket, request) -> {
              RawServer.open(socket, request);
              go.acquire();
              RawServer.write(socket, 0x81, 2, 'h', 'i', 0x88, 0);
              RawServer.readAll(socket);
            })) {
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      WeakReference<SocketTask> task = forget(server.url("/"), heard);
      assertEquals("open", Recorder.next(heard, "onOpen"));
      System.gc();
      assertNotNull(task.get());
      go.release();
      assertEquals("hi", Recorder.next(heard, "the message"));
      assertEquals("release", Recorder.next(heard, "onRelease"));
      Memory.await(
          () -> {
            System.gc();
            return task.get() == null;
          },
          "the garbage collector");
    }
  }

  private static WeakReference<SocketTask> forget(String url, BlockingQueue<String> heard) {
    SocketTaskListener listener =
        new SocketTaskListener() {
          @Override
          public void onOpen(SocketTask task, SocketTaskOpen open) {
            heard.add("open");
          }

          @Override
          public void onMessage(SocketTask task, String text) {
            heard.add(text);
          }

          @Override
          public void onRelease(SocketTask task) {
            heard.add("release");
          }
        };
    return new WeakReference<>(SocketTask.builder(url).connect(listener));
  }

  @Test
  void messagesComeInOrder() {
    Recorder recorder = new Recorder();
    SocketTask task = SocketTask.builder(EchoServer.ws("/burst?n=10000&size=8")).connect(recorder);
    for (int i = 0; i < 10_000; i++) {
      assertEquals(String.format("%08d", i), recorder.text());
    }
    task.close();
    recorder.awaitRelease();
  }
}
