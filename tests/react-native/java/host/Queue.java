import com.facebook.react.bridge.queue.MessageQueueThread;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A thread for React Native. Its own has one of Android's loopers. */
final class Queue implements MessageQueueThread {
  private Thread thread;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(task -> thread = new Thread(null, task, "js", 8 << 20));

  void runLater(Runnable task, long milliseconds) {
    executor.schedule(() -> run(task), milliseconds, TimeUnit.MILLISECONDS);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable error) {
      error.printStackTrace();
    }
  }

  @Override
  public boolean runOnQueue(Runnable task) {
    try {
      executor.execute(() -> run(task));
      return true;
    } catch (RejectedExecutionException ended) {
      return false;
    }
  }

  @Override
  public <T> Future<T> callOnQueue(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    runOnQueue(future);
    return future;
  }

  @Override
  public boolean isOnThread() {
    return Thread.currentThread() == thread;
  }

  @Override
  public void assertIsOnThread() {
    assertIsOnThread("");
  }

  @Override
  public void assertIsOnThread(String message) {
    if (!isOnThread()) {
      throw new AssertionError("not on the queue's thread " + message);
    }
  }

  @Override
  public void quitSynchronous() {
    executor.shutdownNow();
    try {
      executor.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException error) {
      throw new AssertionError(error);
    }
  }

  @Override
  public boolean isIdle() {
    return false;
  }
}
