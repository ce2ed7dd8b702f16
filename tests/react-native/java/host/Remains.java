import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the instances that have ended have left in this process.
 *
 * @param programs whose invoker somebody keeps: a session of the module does, as long as there is one
 * @param sockets but those that the process had when it began
 * @param threads their names, in order; without those that the virtual machine starts and ends as it likes
 */
record Remains(int programs, int sockets, List<String> threads) {
  private static final int SECONDS = 20;
  private static final int SOCKETS_BEFORE = countSockets();

  /** To be called before there is any. */
  static void begin() {}

  /** What is left when what ends in the background has had time for it; at once when there are only those threads (null: any). */
  static Remains settled(List<String> expected) throws InterruptedException {
    Remains remains = now();
    for (int i = 0; i < SECONDS * 20 && !remains.isNothingBeside(expected); i++) {
      Thread.sleep(50);
      remains = now();
    }
    return remains;
  }

  boolean isNothingBeside(List<String> expected) {
    return programs == 0 && sockets == 0 && (expected == null || threadsBeside(expected).isEmpty());
  }

  List<String> threadsBeside(List<String> expected) {
    List<String> others = new ArrayList<>(threads);
    expected.forEach(others::remove);
    return others;
  }

  private static Remains now() {
    // What Java has of C++ goes with the Java objects.
    System.gc();
    List<String> threads = new ArrayList<>();
    for (Path thread : list("/proc/self/task")) {
      String name = read(thread.resolve("comm"));
      if (!name.isEmpty() && !name.matches("(C1|C2|G1|GC) .*")) {
        threads.add(name);
      }
    }
    threads.sort(null);
    return new Remains(Program.alive(), countSockets() - SOCKETS_BEFORE, threads);
  }

  private static int countSockets() {
    return (int) list("/proc/self/fd").stream().filter(descriptor -> target(descriptor).startsWith("socket:")).count();
  }

  private static List<Path> list(String folder) {
    try (Stream<Path> entries = Files.list(Path.of(folder))) {
      return entries.toList();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Nothing when it has just gone, like the next. */
  private static String read(Path file) {
    // Not a channel: Java keeps a socket for those.
    try (InputStream stream = new FileInputStream(file.toFile())) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException gone) {
      return "";
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException gone) {
      return "";
    }
  }
}
