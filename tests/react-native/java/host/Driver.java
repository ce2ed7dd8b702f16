import java.util.Arrays;
import java.util.concurrent.FutureTask;

/** Runs a bundle in instances of React Native: {@code (run | pair | (cycle | reload) COUNT) BUNDLE ARGUMENT…}. */
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
    boolean counted = words.length > 3 && words[0].matches("cycle|reload");
    int count = counted ? Integer.parseInt(words[1]) : 1;
    int first = counted ? 2 : 1;
    String bundle = words[first];
    String[] arguments = Arrays.copyOfRange(words, first + 1, words.length);
    switch (words[0]) {
      case "pair":
        FutureTask<Integer> other = new FutureTask<>(() -> host.run(bundle, arguments));
        new Thread(other, "other driver").start();
        return Math.max(host.run(bundle, arguments), other.get());
      case "reload":
        return reload(count, host, bundle, arguments);
      default:
        return cycle(count, host, bundle, arguments);
    }
  }

  private static int cycle(int count, Host host, String bundle, String[] arguments) throws Exception {
    int worst = 0;
    for (int i = 0; i < count; i++) {
      worst = Math.max(worst, host.run(bundle, arguments));
    }
    return worst;
  }

  /** Several instances, one after the other, that are to leave nothing but the threads of the first. */
  private static int reload(int count, Host host, String bundle, String[] arguments) throws Exception {
    Remains.begin();
    int code = host.run(bundle, arguments);
    Remains first = Remains.settled(null);
    code = Math.max(code, cycle(count, host, bundle, arguments));
    Remains last = Remains.settled(first.threads());
    System.out.println(last.programs() + " sessions, " + last.sockets() + " sockets, "
        + last.threadsBeside(first.threads()).size() + " more threads");
    if (!last.isNothingBeside(first.threads())) {
      System.out.println(first + "\n" + last);
      return 1;
    }
    return code;
  }

  private Driver() {}
}
