package com.sockettask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program can end while it has connections. */
class ExitTest {
  /** The program: opens connections, receives all the time, and comes to its end. */
  public static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      List<Recorder> recorders = new ArrayList<>();
      System.loadLibrary("socket_task");
      Platform.install(new Object());
      for (int i = 0; i < 5; i++) {
        recorders.add(new Recorder());
        SocketTask.builder(arguments[1]).connect(recorders.get(i));
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
  void openConnectionsDoNotHoldUpTheEnd(String way, @TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xcheck:jni",
                "-Djava.library.path=" + System.getProperty("java.library.path"),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                way,
                EchoServer.ws("/burst?n=1000000&size=100"))
            .redirectErrorStream(true)
            .redirectOutput(file.toFile())
            .start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    String output = Files.readString(file);
    assertTrue(ended, output);
    assertEquals("at its end\n", output);
    assertEquals(0, process.exitValue());
  }
}
