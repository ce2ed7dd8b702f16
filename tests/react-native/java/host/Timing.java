import com.facebook.react.bridge.JavaScriptModule;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.bridge.ReactContextBaseJavaModule;
import com.facebook.react.bridge.ReactMethod;
import com.facebook.react.bridge.WritableArray;
import com.facebook.react.bridge.WritableNativeArray;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Timers by a clock: React Native's own wait for Android's frames. No test repeats one. */
final class Timing extends ReactContextBaseJavaModule {
  interface JSTimers extends JavaScriptModule {
    void callTimers(WritableArray ids);
  }

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  Timing(ReactApplicationContext context) {
    super(context);
  }

  @Override
  public String getName() {
    return "Timing";
  }

  @ReactMethod
  public void createTimer(double id, double delay, double scheduled, boolean repeat) {
    try {
      clock.schedule(() -> fire(id), (long) delay, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException ended) {
      // JavaScript runs a little longer than the modules.
    }
  }

  @ReactMethod
  public void deleteTimer(double id) {}

  @ReactMethod
  public void setSendIdleEvents(boolean send) {}

  private void fire(double id) {
    WritableNativeArray ids = new WritableNativeArray();
    ids.pushInt((int) id);
    if (getReactApplicationContext().hasActiveReactInstance()) {
      getReactApplicationContext().getJSModule(JSTimers.class).callTimers(ids);
    }
  }

  @Override
  public void invalidate() {
    clock.shutdownNow();
  }
}
