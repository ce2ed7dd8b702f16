import android.content.Context;
import android.content.ContextWrapper;
import android.os.Handler;
import android.os.Looper;
import com.example.roundtrips.RoundTripsModule;
import com.facebook.hermes.reactexecutor.HermesExecutorFactory;
import com.facebook.react.bridge.CatalystInstance;
import com.facebook.react.bridge.CatalystInstanceImpl;
import com.facebook.react.bridge.JSBundleLoader;
import com.facebook.react.bridge.ModuleHolder;
import com.facebook.react.bridge.NativeModule;
import com.facebook.react.bridge.NativeModuleRegistry;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.bridge.ReactContextBaseJavaModule;
import com.facebook.react.bridge.ReactMethod;
import com.facebook.react.bridge.queue.MessageQueueThreadImpl;
import com.facebook.react.bridge.queue.ReactQueueConfigurationSpec;
import com.facebook.react.modules.websocket.WebSocketModule;
import com.facebook.react.turbomodule.core.interfaces.CallInvokerHolder;
import com.sockettask.SocketTaskPackage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;

/**
 * React Native's old architecture in a desktop's virtual machine, without a screen: its own CatalystInstanceImpl with
 * Hermes, its threads on Android's own loopers, and the package's own module, run a bundle.
 */
public final class BridgeHost {
  /** Gives JavaScript the object {@code host} of the tests. */
  static final class TestHost extends ReactContextBaseJavaModule {
    private final Program program;

    TestHost(ReactApplicationContext context, Program program) {
      super(context);
      this.program = program;
    }

    @Override
    public String getName() {
      return "TestHost";
    }

    @ReactMethod(isBlockingSynchronousMethod = true)
    public boolean install() {
      getReactApplicationContext().getCatalystInstance().getJSCallInvokerHolder();
      program.install(getReactApplicationContext().getJavaScriptContextHolder().get());
      return true;
    }
  }

  /** React Native's own tells of the device. */
  static final class PlatformConstants extends ReactContextBaseJavaModule {
    PlatformConstants(ReactApplicationContext context) {
      super(context);
    }

    @Override
    public String getName() {
      return "PlatformConstants";
    }

    @Override
    public Map<String, Object> getConstants() {
      return Map.of("isTesting", true);
    }
  }

  /** An app's context, in which modules find the instance with a meter in its way into JavaScript. */
  static final class MeteredContext extends ReactApplicationContext {
    private final Program program;

    MeteredContext(Program program) {
      super(new App());
      this.program = program;
    }

    @Override
    public CatalystInstance getCatalystInstance() {
      CatalystInstance own = super.getCatalystInstance();
      ClassLoader loader = CatalystInstance.class.getClassLoader();
      return (CatalystInstance) Proxy.newProxyInstance(loader, new Class<?>[] {CatalystInstance.class}, (self, method, words) -> {
        try {
          Object result = method.invoke(own, words);
          return method.getName().equals("getJSCallInvokerHolder") ? program.metered((CallInvokerHolder) result) : result;
        } catch (InvocationTargetException error) {
          throw error.getCause();
        }
      });
    }
  }

  static final class App extends ContextWrapper {
    App() {
      super(null);
    }

    @Override
    public Context getApplicationContext() {
      return this;
    }
  }

  private static void onUiThread(Runnable task) throws Exception {
    FutureTask<Void> done = new FutureTask<>(task, null);
    new Handler(Looper.getMainLooper()).post(done);
    done.get();
  }

  private static int run(String bundle, String[] arguments) throws Exception {
    try (Program program = new Program("Hermes on the bridge", arguments)) {
      ReactApplicationContext context = new MeteredContext(program);
      List<NativeModule> all = new ArrayList<>(new SocketTaskPackage().createNativeModules(context));
      // Another module of the app.
      all.add(new RoundTripsModule(context));
      all.add(new TestHost(context, program));
      all.add(new Timing(context));
      all.add(new PlatformConstants(context));
      all.add(new WebSocketModule(context));
      Map<String, ModuleHolder> modules = new HashMap<>();
      for (NativeModule module : all) {
        modules.put(module.getName(), new ModuleHolder(module));
      }
      CatalystInstanceImpl catalyst = new CatalystInstanceImpl.Builder()
          .setReactQueueConfigurationSpec(ReactQueueConfigurationSpec.createDefault())
          .setJSExecutor(new HermesExecutorFactory().create())
          .setRegistry(new NativeModuleRegistry(context, modules))
          .setJSBundleLoader(JSBundleLoader.createFileLoader(bundle))
          .setJSExceptionHandler(error -> {
            error.printStackTrace();
            program.exit(1);
          })
          .build();
      context.initializeWithInstance(catalyst);
      catalyst.runJSBundle();
      catalyst.initialize();
      int code = program.exitCode();
      MessageQueueThreadImpl js = (MessageQueueThreadImpl) catalyst.getReactQueueConfiguration().getJSQueueThread();
      Thread thread = js.getLooper().getThread();
      onUiThread(context::destroy);
      thread.join();
      return code;
    }
  }

  public static void main(String[] words) {
    System.loadLibrary("looper");
    System.loadLibrary("fbjni");
    System.loadLibrary("tests_host");
    Looper.prepareMainLooper();
    new Thread(() -> Driver.drive(BridgeHost::run, words), "driver").start();
    Looper.loop();
  }
}
