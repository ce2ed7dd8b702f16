package com.sockettask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What concerns a whole process: its end, and the end of its memory. */
class ProcessTest {
  @TempDir Path folder;

  /** Opens connections, receives all the time, and comes to its end. */
  public static final class Ending {
    private Ending() {}

    public static void main(String[] arguments) {
      List<Recorder> recorders = new ArrayList<>();
      System.loadLibrary("socket_task");
      Platform.install(new AppContext());
      for (int i = 0; i < 5; i++) {
        recorders.add(new Recorder());
        SocketTask.builder(EchoServer.ws("/burst?n=200000&size=100")).connect(recorders.get(i));
      }
      for (Recorder recorder : recorders) {
        recorder.awaitOpen();
        recorder.text();
      }
      System.out.println("at its end");
      if (arguments[0].equals("exit")) {
        System.exit(0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"return", "exit"})
  void openConnectionsDoNotHoldUpTheEnd(String way) throws IOException, InterruptedException {
    assertEquals("at its end\n", run(Ending.class, "-Xmx512m", way));
  }

  /** Receives a message for which Java has no memory, and one for which it has. */
  public static final class Full {
    private Full() {}

    private static final int BLOCK = 1 << 16;
    private static final int BLOCKS = 50 << 4;

    public static void main(String[] arguments) throws IOException {
      try (RawServer server = new RawServer(Full::play)) {
        Recorder large = new Recorder();
        SocketTask.builder(server.url("/")).connect(large);
        System.out.println(large.awaitClose());
        large.awaitRelease();
        System.out.println(large.events());
      }
      Recorder small = new Recorder();
      SocketTask.builder(EchoServer.ws("/burst?n=1&size=5")).connect(small);
      System.out.println(small.text());
    }

    /** Sends a text of 50 MiB, and answers the Close frame. */
    private static void play(Socket socket, String request) throws IOException {
      RawServer.open(socket, request);
      ByteBuffer head = ByteBuffer.allocate(10).put((byte) 0x81).put((byte) 127);
      socket.getOutputStream().write(head.putLong((long) BLOCKS * BLOCK).array());
      for (int i = 0; i < BLOCKS; i++) {
        socket.getOutputStream().write(new byte[BLOCK]);
      }
      byte[] frame = socket.getInputStream().readNBytes(8);
      RawServer.write(socket, 0x88, 2, frame[6] ^ frame[2], frame[7] ^ frame[3]);
    }
  }

  @Test
  void aMessageThatDoesNotFitIntoMemoryEndsItsConnection() throws IOException, InterruptedException {
    String output = run(Full.class, "-Xmx24m");
    assertEquals("SocketTaskClose{1009, , clean}\n[open, close, release]\n00000\n", output);
  }

  /** Receives 3 000 messages of 1 MiB, and keeps none. */
  public static final class Receiving {
    private static final int SIZE = 1 << 20;
    private static final int MESSAGES = 3000;

    private Receiving() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      CountDownLatch received = new CountDownLatch(MESSAGES);
      AtomicLong shared = new AtomicLong();
      AtomicLong resident = new AtomicLong();
      SocketTaskListener listener =
          new SocketTaskListener() {
            @Override
            public void onMessage(SocketTask task, ByteBuffer bytes) {
              shared.accumulateAndGet(NativeSocket.retainedBytes(), Math::max);
              resident.accumulateAndGet(Memory.resident(), Math::max);
              if (bytes.remaining() == SIZE) {
                received.countDown();
              }
            }
          };
      try (RawServer server = new RawServer(Receiving::play)) {
        SocketTask task = SocketTask.builder(server.url("/")).connect(listener);
        received.await();
        task.release();
      }
      System.out.println((shared.get() >> 20) + " " + (resident.get() >> 20));
      Memory.awaitNothingRetained();
    }

    private static void play(Socket socket, String request) throws IOException {
      RawServer.open(socket, request);
      ByteBuffer frame = ByteBuffer.allocate(10 + SIZE).put((byte) 0x82).put((byte) 127).putLong(SIZE);
      for (int i = 0; i < MESSAGES; i++) {
        socket.getOutputStream().write(frame.array());
      }
      RawServer.readAll(socket);
    }
  }

  @Test
  void receivedBuffersAreReleased() throws IOException, InterruptedException {
    String[] numbers = run(Receiving.class, "-Xmx64m").trim().split(" ");
    int shared = Integer.parseInt(numbers[0]);
    int resident = Integer.parseInt(numbers[1]);
    System.out.println("3 000 messages of 1 MiB: at most " + shared + " MiB shared, " + resident + " MiB resident");
    assertTrue(shared > 0, "nothing was shared");
    assertTrue(shared <= 16, "more was shared than is documented");
    // The JVM itself, its heap of 64 MiB, what is shared, and what is on the way.
    assertTrue(resident < 250, "the messages stay");
  }

  /** What the program prints. */
  private String run(Class<?> program, String memory, String... arguments)
      throws IOException, InterruptedException {
    Path file = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xcheck:jni", memory));
    command.add("-Djava.library.path=" + System.getProperty("java.library.path"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file.toFile()).start();
    boolean ended = process.waitFor(240, TimeUnit.SECONDS);
    process.destroyForcibly();
    String output = Files.readString(file);
    assertTrue(ended, output);
    assertEquals(0, process.exitValue(), output);
    return output;
  }
}
