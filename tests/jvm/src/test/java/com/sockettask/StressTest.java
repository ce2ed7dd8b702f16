package com.sockettask;

import static com.sockettask.Recorder.assertQueued;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Many connections, many threads; and that nothing is left of them. */
class StressTest {
  /** Runs it on several threads at once; what one throws is thrown here. */
  private static void together(int threads, Body body) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  body.run(number);
                } catch (Throwable thrown) {
                  failure.compareAndSet(null, thrown);
                }
              });
      running.add(thread);
      thread.start();
    }
    for (Thread thread : running) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  private interface Body {
    void run(int number) throws Exception;
  }

  @Test
  void thousandConnectionsAtOnce() {
    List<Recorder> recorders = new ArrayList<>();
    List<SocketTask> tasks = new ArrayList<>();
    SocketTaskBuilder builder = SocketTask.builder(EchoServer.ws("/"));
    for (int i = 0; i < 1000; i++) {
      recorders.add(new Recorder());
      tasks.add(builder.connect(recorders.get(i)));
    }
    for (int i = 0; i < 1000; i++) {
      recorders.get(i).awaitOpen();
      assertQueued(tasks.get(i).send("message " + i));
    }
    for (int i = 0; i < 1000; i++) {
      assertEquals("message " + i, recorders.get(i).text());
      tasks.get(i).close();
    }
    for (Recorder recorder : recorders) {
      recorder.awaitRelease();
      assertEquals(List.of("open", "text", "close", "release"), withoutDrains(recorder));
    }
  }

  private static List<String> withoutDrains(Recorder recorder) {
    List<String> events = recorder.events();
    events.removeIf("drain"::equals);
    return events;
  }

  @Test
  void eightThreadsSendOnOneConnection() throws InterruptedException {
    Recorder recorder = new Recorder();
    SocketTask task = SocketTask.builder(EchoServer.ws("/")).connect(recorder);
    recorder.awaitOpen();
    int each = 2000;
    together(
        8,
        number -> {
          ByteBuffer direct = ByteBuffer.allocateDirect(8);
          for (int i = 0; i < each; i++) {
            switch (i % 3) {
              case 0:
                assertQueued(task.send(number + ":" + i));
                break;
              case 1:
                assertQueued(task.send(ByteBuffer.allocate(8).putInt(0, number).putInt(4, i).array()));
                break;
              default:
                assertQueued(task.send(direct.putInt(0, number).putInt(4, i)));
            }
          }
        });
    int[] next = new int[8];
    for (int received = 0; received < 8 * each; received++) {
      Object message = Recorder.next(recorder.messages, "a message");
      int number;
      int count;
      if (message instanceof String) {
        String[] parts = ((String) message).split(":");
        number = Integer.parseInt(parts[0]);
        count = Integer.parseInt(parts[1]);
      } else {
        number = ((ByteBuffer) message).getInt(0);
        count = ((ByteBuffer) message).getInt(4);
      }
      assertEquals(next[number]++, count, "of thread " + number);
    }
    task.close();
    recorder.awaitRelease();
  }

  /** Whatever is called on whatever handle, on many threads at once: nothing but an answer. */
  @Test
  void staleHandlesOnManyThreads() throws InterruptedException {
    SocketTaskBuilder builder = SocketTask.builder(EchoServer.ws("/"));
    List<SocketTask> tasks = new ArrayList<>();
    List<Recorder> recorders = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      recorders.add(new Recorder());
      tasks.add(builder.connect(recorders.get(i)));
    }
    for (long none : new long[] {0, -1, 1, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
      tasks.add(new SocketTask("ws://nowhere/", none));
    }
    ByteBuffer direct = ByteBuffer.allocateDirect(100);
    together(
        8,
        number -> {
          Random random = new Random(number);
          for (int i = 0; i < 20_000; i++) {
            SocketTask task = tasks.get(random.nextInt(tasks.size()));
            switch (random.nextInt(14)) {
              case 0:
                task.send("text");
                break;
              case 1:
                task.send(new byte[10]);
                break;
              case 2:
                task.send(direct.duplicate());
                break;
              case 3:
                task.ping();
                break;
              case 4:
                task.pause();
                break;
              case 5:
                task.resume();
                break;
              case 6:
                task.probe(60_000);
                break;
              case 7:
                task.getReadyState();
                break;
              case 8:
                task.getBufferedAmount();
                break;
              case 9:
                task.getProtocol();
                break;
              case 10:
                task.toString();
                break;
              case 11:
                Platform.probeAll(60_000);
                break;
              case 12:
                if (random.nextInt(100) == 0) {
                  task.close();
                }
                break;
              default:
                if (random.nextInt(100) == 0) {
                  task.release();
                }
            }
          }
        });
    tasks.forEach(SocketTask::release);
    recorders.forEach(Recorder::awaitRelease);
  }

  /** As many as take ten seconds, in every way to end: by either side, aborted, refused, lost. */
  @Test
  void nothingIsLeftOfConnections() {
    String[] paths = {"/", "/close?code=1000", "/", "/status", "/reset", "/silent", "/", "/"};
    churn(paths, 500, Long.MAX_VALUE);
    long threads = Memory.threads();
    long sockets = Memory.sockets();
    long references = Memory.globalReferences();
    int connections = churn(paths, 10_000, System.nanoTime() + 10_000_000_000L);
    System.out.println(connections + " connections came and went");
    Memory.await(() -> Memory.sockets() <= sockets, "the end of " + sockets + " sockets");
    Memory.await(() -> Memory.threads() <= threads + 1, "the end of threads");
    assertTrue(
        Memory.globalReferences() <= references + 2,
        references + " global references became " + Memory.globalReferences());
  }

  private static int churn(String[] paths, int most, long until) {
    int done = 0;
    Recorder[] recorders = new Recorder[64];
    SocketTask[] tasks = new SocketTask[recorders.length];
    while (done < most && System.nanoTime() < until) {
      for (int i = 0; i < recorders.length; i++) {
        recorders[i] = new Recorder();
        tasks[i] = SocketTask.builder(EchoServer.ws(paths[i % paths.length])).connect(recorders[i]);
      }
      for (int i = 0; i < recorders.length; i++) {
        String path = paths[i % paths.length];
        if (path.equals("/silent")) {
          tasks[i].release();
        } else if (path.equals("/")) {
          recorders[i].awaitOpen();
          tasks[i].send(new byte[20_000]);
          recorders[i].binary();
          if (i % 2 == 0) {
            tasks[i].close();
          } else {
            tasks[i].release();
          }
        }
      }
      for (Recorder recorder : recorders) {
        recorder.awaitRelease();
      }
      done += recorders.length;
    }
    return done;
  }
}
