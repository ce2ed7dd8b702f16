import java.util.Arrays;
import java.util.concurrent.FutureTask;

/** Runs a bundle in instances of React Native: {@code (run | pair | cycle COUNT) BUNDLE ARGUMENT…}. */
final class Driver {
  interface Host {
    /** An instance from its start to its end; the exit code of the bundle. */
    int run(String bundle, String[] arguments) throws Exception;
  }

  /** Ends the process, with the worst of the exit codes. */
  static void drive(Host host, String[] words) {
    try {
      int code = drive(words, host);
      System.out.flush();
      Program.leave(code);
    } catch (Throwable error) {
      error.printStackTrace();
      Program.leave(1);
    }
  }

  private static int drive(String[] words, Host host) throws Exception {
    boolean cycle = words[0].equals("cycle");
    int first = cycle ? 2 : 1;
    String bundle = words[first];
    String[] arguments = Arrays.copyOfRange(words, first + 1, words.length);
    if (words[0].equals("pair")) {
      FutureTask<Integer> other = new FutureTask<>(() -> host.run(bundle, arguments));
      new Thread(other, "other driver").start();
      return Math.max(host.run(bundle, arguments), other.get());
    }
    int worst = 0;
    for (int i = cycle ? Integer.parseInt(words[1]) : 1; i > 0; i--) {
      worst = Math.max(worst, host.run(bundle, arguments));
    }
    return worst;
  }

  private Driver() {}
}
