import com.facebook.jni.HybridData;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.bridge.WritableNativeArray;
import com.facebook.react.defaults.DefaultTurboModuleManagerDelegate;
import com.facebook.react.interfaces.exceptionmanager.ReactJsExceptionHandler;
import com.facebook.react.internal.featureflags.ReactNativeFeatureFlags;
import com.facebook.react.internal.featureflags.ReactNativeFeatureFlagsOverrides_RNOSS_Stable_Android;
import com.facebook.react.internal.turbomodule.core.TurboModuleManager;
import com.facebook.react.modules.core.JavaTimerManager;
import com.facebook.react.runtime.BridgelessReactContext;
import com.facebook.react.runtime.JSTimerExecutor;
import com.facebook.react.runtime.ReactInstance;
import com.facebook.react.runtime.hermes.HermesInstance;
import com.facebook.react.soloader.OpenSourceMergedSoMapping;
import com.facebook.soloader.SoLoader;
import java.util.List;

/**
 * React Native's new architecture in a desktop's virtual machine, without a screen: its own ReactInstance with Hermes and
 * its TurboModuleManager run a bundle. What needs a running Android — the context, the frames behind the timers — is made
 * without its constructor, or replaced.
 */
public final class TurboHost {
  /** The C++ modules of this app (host/turbo_modules.cpp). */
  private static native void provideModules();

  /** Timers by a clock instead of Android's frames. No test repeats one. */
  static final class Timers extends JavaTimerManager {
    private Queue queue;
    private JSTimerExecutor executor;

    private Timers() {
      super(null, null, null, null);
    }

    @Override
    public void createTimer(int id, long delay, boolean repeat) {
      queue.runLater(() -> {
        WritableNativeArray ids = new WritableNativeArray();
        ids.pushInt(id);
        executor.callTimers(ids);
      }, delay);
    }

    @Override
    public void deleteTimer(int id) {}
  }

  private static int run(String bundle, String[] arguments) throws Exception {
    try (Program program = new Program("Hermes in ReactInstance", arguments)) {
      Queue js = new Queue();
      Timers timers = Reflection.withoutConstructor(Timers.class);
      timers.queue = js;
      timers.executor = new JSTimerExecutor();
      ReactInstance instance = Reflection.withoutConstructor(ReactInstance.class);
      ReactJsExceptionHandler errors = error -> {
        try {
          String message = error.getOriginalMessage() != null ? error.getOriginalMessage() : error.getMessage();
          program.uncaught(Reflection.call(instance, "getJavaScriptContext"), message);
        } catch (Exception unexpected) {
          unexpected.printStackTrace();
          program.exit(1);
        }
      };
      HybridData data = Reflection.call(
          instance, "initHybrid", new HermesInstance(), js, new Queue(), timers, timers.executor, errors, null, false, null);
      Reflection.set(instance, "mHybridData", data);
      ReactApplicationContext context = Reflection.withoutConstructor(BridgelessReactContext.class);
      TurboModuleManager modules = Reflection.make(
          TurboModuleManager.class,
          Reflection.<Object>call(instance, "getUnbufferedRuntimeExecutor"),
          Reflection.make(DefaultTurboModuleManagerDelegate.class, context, List.of(), List.of()),
          program.metered(instance.getJSCallInvokerHolder()),
          Reflection.<Object>call(instance, "getNativeMethodCallInvokerHolder"));
      Reflection.call(instance, "loadJSBundleFromFile", bundle, bundle);
      int code = program.exitCode();
      // In the order of ReactInstance.destroy().
      js.quitSynchronous();
      modules.invalidate();
      data.resetNative();
      return code;
    }
  }

  public static void main(String[] words) {
    SoLoader.init(OpenSourceMergedSoMapping.INSTANCE);
    SoLoader.loadLibrary("fbjni");
    SoLoader.loadLibrary("tests_host");
    ReactNativeFeatureFlags.override(new ReactNativeFeatureFlagsOverrides_RNOSS_Stable_Android());
    provideModules();
    Driver.drive(TurboHost::run, words);
  }
}
