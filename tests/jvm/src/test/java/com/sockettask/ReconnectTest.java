package com.sockettask;

import static com.sockettask.Recorder.assertQueued;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sockettask.SocketTask.ReadyState;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection after another. The rules themselves are tested in the core, in virtual time. */
class ReconnectTest {
  private final Losses recorder = new Losses();

  /** The tests do not wait for a delay. */
  private final SocketTaskReconnectOptions atOnce = new SocketTaskReconnectOptions().minDelay(0).maxDelay(0);

  @BeforeEach
  @AfterEach
  void surroundings() {
    System.loadLibrary("socket_task");
    Platform.setNetwork(true);
    Platform.setForeground(true);
    SocketTask.setExceptionHandler(null);
  }

  /** What is told beside the rest. */
  private static final class Losses extends Recorder {
    final BlockingQueue<SocketTaskReconnecting> losses = new LinkedBlockingQueue<>();
    final BlockingQueue<SocketTaskOpen> openings = new LinkedBlockingQueue<>();

    @Override
    public void onOpen(SocketTask task, SocketTaskOpen open) {
      super.onOpen(task, open);
      openings.add(open);
    }

    @Override
    public void onReconnecting(SocketTask task, SocketTaskReconnecting reconnecting) {
      losses.add(reconnecting);
    }

    SocketTaskReconnecting loss() {
      return next(losses, "onReconnecting");
    }

    SocketTaskOpen opening() {
      return next(openings, "onOpen");
    }
  }

  /** A server whose connections go one way after the other; the last way is that of all that follow. */
  private static RawServer server(RawServer.Script... ways) throws IOException {
    AtomicInteger next = new AtomicInteger();
    return new RawServer(
        (socket, request) -> ways[Math.min(next.getAndIncrement(), ways.length - 1)].play(socket, request));
  }

  private static void openAndCut(java.net.Socket socket, String request) throws IOException {
    RawServer.open(socket, request);
  }

  private static void openAndStay(java.net.Socket socket, String request) throws IOException {
    RawServer.open(socket, request);
    RawServer.readAll(socket);
  }

  private static RawServer.Script status(int status) {
    return (socket, request) -> RawServer.write(socket, "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
  }

  /** Opens, and closes with this code. */
  private static RawServer.Script closing(int code) {
    return (socket, request) -> {
      RawServer.open(socket, request);
      RawServer.write(socket, 0x88, 2, code >> 8, code & 0xff);
      RawServer.readAll(socket);
    };
  }

  @Test
  void aConnectionThatIsLostIsFollowedByAnother() throws IOException {
    try (RawServer server = server(ReconnectTest::openAndCut, ReconnectTest::openAndStay)) {
      SocketTask task = SocketTask.builder(server.url("/")).reconnect(atOnce).connect(recorder);
      assertEquals(0, recorder.opening().getAttempt());
      SocketTaskReconnecting reconnecting = recorder.loss();
      assertEquals(1, reconnecting.getAttempt());
      assertEquals(0, reconnecting.getDelayMilliseconds());
      assertEquals(0, reconnecting.getKeptMessages());
      assertEquals(0, reconnecting.getFailedMessages());
      SocketTaskLoss loss = reconnecting.getLoss();
      assertEquals(1006, loss.getCode());
      assertEquals("", loss.getReason());
      assertFalse(loss.wasClean());
      assertEquals(SocketTaskError.Phase.CLOSED, loss.getError().getPhase());
      assertEquals(1, recorder.opening().getAttempt());
      assertEquals(ReadyState.OPEN, task.getReadyState());
      task.release();
      recorder.awaitRelease();
      assertEquals(List.of("open", "open", "release"), recorder.events());
    }
  }

  @Test
  void aCloseFrameIsALossWithoutAnError() throws IOException {
    try (RawServer server = server(closing(1012), closing(4000))) {
      SocketTaskReconnectOptions options = atOnce.stopCodes(1000, 4000);
      SocketTask.builder(server.url("/")).reconnect(options).connect(recorder);
      SocketTaskLoss loss = recorder.loss().getLoss();
      assertEquals(1012, loss.getCode());
      assertTrue(loss.wasClean());
      assertNull(loss.getError());
      // One of the stop codes.
      assertEquals(4000, recorder.awaitClose().getCode());
      assertTrue(recorder.close.wasClean());
      assertNull(recorder.error);
      recorder.awaitRelease();
      assertEquals(List.of("open", "open", "close", "release"), recorder.events());
    }
  }

  @Test
  void attemptsHaveAnEnd() throws IOException {
    try (RawServer server = server(status(503))) {
      SocketTask.builder(server.url("/")).reconnect(atOnce.maxAttempts(3)).connect(recorder);
      for (int attempt = 1; attempt <= 3; attempt++) {
        SocketTaskReconnecting reconnecting = recorder.loss();
        assertEquals(attempt, reconnecting.getAttempt());
        assertEquals(503, reconnecting.getLoss().getError().getHttpStatus());
      }
      assertEquals(503, recorder.awaitError().getHttpStatus());
      assertEquals(1006, recorder.close.getCode());
      assertEquals(4, server.requests.size());
    }
  }

  @Test
  void refreshGivesWhatTheNextAttemptIsMadeWith() throws Exception {
    BlockingQueue<SocketTaskRefresh> questions = new LinkedBlockingQueue<>();
    try (RawServer server = server(ReconnectTest::openAndCut, ReconnectTest::openAndStay)) {
      SocketTask task =
          SocketTask.builder(server.url("/first"))
              .addHeader("Token", "old")
              .reconnect(atOnce.refresh(questions::add))
              .connect(recorder);
      assertEquals("old", RawServer.header(Recorder.next(server.requests, "a request"), "Token"));
      SocketTaskRefresh refresh = Recorder.next(questions, "the question");
      assertEquals(1, refresh.getAttempt());
      assertEquals(1006, refresh.getLoss().getCode());
      assertEquals(ReadyState.CONNECTING, task.getReadyState());
      // What cannot be used is refused, and can be put right.
      SocketTaskBuilder bad = SocketTask.builder(server.url("/")).addHeader("To ken", "new");
      assertThrows(IllegalArgumentException.class, () -> refresh.connectWith(bad));
      assertTrue(refresh.connectWith(SocketTask.builder(server.url("/second")).addHeader("Token", "new")));
      assertFalse(refresh.connectAsBefore());
      assertFalse(refresh.fail());
      recorder.opening();
      recorder.opening();
      String request = Recorder.next(server.requests, "a request");
      assertTrue(request.startsWith("GET /second "), request);
      assertEquals("new", RawServer.header(request, "Token"));
      task.release();
    }
  }

  @Test
  void aRefreshThatFailsOrThrowsCostsItsAttempt() throws Exception {
    BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    SocketTask.setExceptionHandler((task, exception) -> thrown.add(exception));
    AtomicInteger asked = new AtomicInteger();
    try (RawServer server = server(ReconnectTest::openAndCut, ReconnectTest::openAndStay)) {
      SocketTaskReconnectOptions options =
          atOnce.refresh(
              refresh -> {
                switch (asked.incrementAndGet()) {
                  case 1:
                    throw new IllegalStateException("no token");
                  case 2:
                    assertTrue(refresh.fail());
                    break;
                  default:
                    assertTrue(refresh.connectAsBefore());
                }
              });
      SocketTask task = SocketTask.builder(server.url("/")).reconnect(options).connect(recorder);
      for (int attempt = 1; attempt <= 3; attempt++) {
        assertEquals(attempt, recorder.loss().getAttempt());
      }
      recorder.opening();
      assertEquals(3, recorder.opening().getAttempt());
      assertEquals("no token", Recorder.next(thrown, "the exception").getMessage());
      assertEquals(2, server.requests.size());
      task.release();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theDeciderHasTheLastWord(boolean goesOn) throws IOException {
    BlockingQueue<Boolean> would = new LinkedBlockingQueue<>();
    try (RawServer server = server(status(goesOn ? 404 : 503), ReconnectTest::openAndStay)) {
      SocketTaskReconnectOptions options =
          atOnce.shouldReconnect(
              (loss, rules) -> {
                would.add(rules);
                return goesOn;
              });
      SocketTask task = SocketTask.builder(server.url("/")).reconnect(options).connect(recorder);
      // By the rules 404 is the end, and 503 is not.
      assertEquals(!goesOn, Recorder.next(would, "the question"));
      if (goesOn) {
        assertEquals(1, recorder.opening().getAttempt());
        task.release();
      } else {
        assertEquals(503, recorder.awaitError().getHttpStatus());
      }
    }
  }

  @Test
  void afterADeciderThatThrowsTheRulesHold() throws IOException {
    SocketTask.setExceptionHandler((task, exception) -> {});
    try (RawServer server = server(status(503), status(404))) {
      SocketTaskReconnectOptions options =
          atOnce.shouldReconnect(
              (loss, would) -> {
                throw new IllegalStateException("no idea");
              });
      SocketTask.builder(server.url("/")).reconnect(options).connect(recorder);
      assertEquals(503, recorder.loss().getLoss().getError().getHttpStatus());
      assertEquals(404, recorder.awaitError().getHttpStatus());
    }
  }

  @Test
  void messagesAreKeptAsFarAsTheQueueGoes() throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    RawServer.Script reads =
        (socket, request) -> {
          RawServer.open(socket, request);
          for (int i = 0; i < 3; i++) {
            byte[] head = socket.getInputStream().readNBytes(6);
            byte[] payload = socket.getInputStream().readNBytes(head[1] & 0x7f);
            for (int j = 0; j < payload.length; j++) {
              payload[j] ^= head[2 + j % 4];
            }
            received.add(new String(payload, java.nio.charset.StandardCharsets.UTF_8));
          }
          RawServer.readAll(socket);
        };
    BlockingQueue<SocketTaskRefresh> questions = new LinkedBlockingQueue<>();
    try (RawServer server = server(ReconnectTest::openAndCut, reads)) {
      // For three messages of one byte.
      SocketTaskReconnectOptions options = atOnce.queue(3 * 65).refresh(questions::add);
      SocketTask task = SocketTask.builder(server.url("/")).reconnect(options).connect(recorder);
      SocketTaskRefresh refresh = Recorder.next(questions, "the question");
      assertQueued(task.send("a"));
      assertQueued(task.send("b"));
      assertQueued(task.send("c"));
      assertEquals(SocketTask.SendResult.BUFFER_FULL, task.send("d"));
      assertEquals(3, task.getBufferedAmount());
      assertTrue(refresh.connectAsBefore());
      assertEquals("a", Recorder.next(received, "a message"));
      assertEquals("b", Recorder.next(received, "a message"));
      assertEquals("c", Recorder.next(received, "a message"));
      task.release();
    }
  }

  @Test
  void withoutAQueueNothingIsSentBetweenConnections() throws Exception {
    BlockingQueue<SocketTaskRefresh> questions = new LinkedBlockingQueue<>();
    try (RawServer server = server(ReconnectTest::openAndCut)) {
      SocketTask task =
          SocketTask.builder(server.url("/")).reconnect(atOnce.refresh(questions::add)).connect(recorder);
      SocketTaskRefresh refresh = Recorder.next(questions, "the question");
      assertEquals(SocketTask.SendResult.NOT_OPEN, task.send("lost"));
      task.close();
      // Nobody waits any more, and nothing was open to be closed by a Close frame.
      assertEquals(1006, recorder.awaitClose().getCode());
      assertNull(recorder.error);
      assertFalse(refresh.connectAsBefore());
      recorder.awaitRelease();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"network", "foreground"})
  void withoutANetworkAndInTheBackgroundNoAttemptIsMade(String missing) throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    RawServer.Script opensAndWaits =
        (socket, request) -> {
          RawServer.open(socket, request);
          cut.await();
        };
    try (RawServer server = server(opensAndWaits, ReconnectTest::openAndStay)) {
      SocketTask task = SocketTask.builder(server.url("/")).reconnect(atOnce).connect(recorder);
      recorder.opening();
      tell(missing, false);
      cut.countDown();
      recorder.loss();
      assertNull(recorder.openings.poll(300, TimeUnit.MILLISECONDS));
      assertEquals(1, server.requests.size());
      tell(missing, true);
      assertEquals(1, recorder.opening().getAttempt());
      task.release();
    }
  }

  private static void tell(String missing, boolean isThere) {
    if (missing.equals("network")) {
      Platform.setNetwork(isThere);
    } else {
      Platform.setForeground(isThere);
    }
  }

  @Test
  void attemptsAreMadeInTheBackgroundIfTheyAreTo() throws Exception {
    try (RawServer server = server(ReconnectTest::openAndCut, ReconnectTest::openAndStay)) {
      Platform.setForeground(false);
      SocketTask task = SocketTask.builder(server.url("/")).reconnect(atOnce.whileHidden(true)).connect(recorder);
      recorder.opening();
      assertEquals(1, recorder.opening().getAttempt());
      task.release();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0.5,0,0,1000,the factor of the delays must be 1 or more",
    "NaN,0,0,1000,the factor of the delays must be 1 or more",
    "2,2,1,1000,the smallest delay must not be longer than the largest",
    "2,0,0,999,a close code to stop at must be 1000 to 4999",
    "2,0,0,66536,a close code to stop at must be 1000 to 4999",
    "2,0,0,-1,a close code to stop at must be 1000 to 4999"
  })
  void whatIsNotAcceptableIsRefused(double factor, int minDelay, int maxDelay, int stopCode, String why) {
    SocketTaskReconnectOptions options =
        new SocketTaskReconnectOptions().factor(factor).minDelay(minDelay).maxDelay(maxDelay).stopCodes(stopCode);
    SocketTaskBuilder builder = SocketTask.builder(EchoServer.ws("/")).reconnect(options);
    Exception refused = assertThrows(IllegalArgumentException.class, () -> builder.connect(recorder));
    assertEquals(why, refused.getMessage());
  }

  @Test
  void negativeNumbersAreRefusedAtOnce() {
    assertThrows(IllegalArgumentException.class, () -> atOnce.minDelay(-1));
    assertThrows(IllegalArgumentException.class, () -> atOnce.maxDelay(-1));
    assertThrows(IllegalArgumentException.class, () -> atOnce.maxAttempts(-1));
    assertThrows(IllegalArgumentException.class, () -> atOnce.stableAfter(-1));
    assertThrows(IllegalArgumentException.class, () -> atOnce.queue(-1));
    assertThrows(NullPointerException.class, () -> atOnce.refresh(null));
    assertThrows(NullPointerException.class, () -> atOnce.shouldReconnect(null));
    assertThrows(NullPointerException.class, () -> SocketTask.builder(EchoServer.ws("/")).reconnect(null));
  }

  @Test
  void theOptionsAreCopied() throws IOException {
    try (RawServer server = server(status(503))) {
      SocketTaskReconnectOptions options = atOnce.maxAttempts(1);
      SocketTaskBuilder builder = SocketTask.builder(server.url("/")).reconnect(options);
      options.maxAttempts(1_000);
      builder.connect(recorder);
      recorder.awaitError();
      assertEquals(2, server.requests.size());
    }
  }

  @Test
  void prewarmIsForTheFirstAttempt() throws IOException {
    try (RawServer server = server(ReconnectTest::openAndStay)) {
      SocketTaskBuilder builder =
          SocketTask.builder(server.url("/")).reconnect(atOnce.refresh(SocketTaskRefresh::connectAsBefore));
      builder.prewarm(0);
      Recorder.next(server.requests, "the request of the connection in advance");
      SocketTask task = builder.connect(recorder);
      recorder.opening();
      assertTrue(server.requests.isEmpty());
      task.release();
    }
  }

  @Test
  void whatTheAppGaveIsLetGo() throws Exception {
    WeakReference<Object> token = connectAndRelease();
    for (int i = 0; i < 100 && token.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertNull(token.get());
  }

  private WeakReference<Object> connectAndRelease() {
    Object token = new Object();
    SocketTaskReconnectOptions options =
        new SocketTaskReconnectOptions()
            .refresh(refresh -> token.hashCode())
            .shouldReconnect((loss, would) -> token.hashCode() != 0);
    Recorder echo = new Recorder();
    SocketTask task = SocketTask.builder(EchoServer.ws("/")).reconnect(options).connect(echo);
    echo.awaitOpen();
    task.release();
    echo.awaitRelease();
    return new WeakReference<>(token);
  }
}
