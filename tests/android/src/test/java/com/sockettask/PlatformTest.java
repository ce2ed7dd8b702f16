package com.sockettask;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import android.app.Activity;
import android.app.Application;
import android.content.Context;
import android.content.ContextWrapper;
import android.content.pm.ApplicationInfo;
import android.net.ConnectivityManager;
import android.net.LinkAddress;
import android.net.LinkProperties;
import android.net.Network;
import android.os.Build;
import android.security.net.config.ApplicationConfig;
import android.security.net.config.ConfigNetworkSecurityPolicy;
import android.security.net.config.ManifestConfigSource;
import android.util.AndroidRuntimeException;
import android.webkit.CookieManager;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowConnectivityManager;
import org.robolectric.shadows.ShadowLooper;
import org.robolectric.shadows.ShadowNetwork;
import org.robolectric.util.ReflectionHelpers;

/** What Android says reaches the native library, and open connections. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 35)
public class PlatformTest {
  private static final Network MOBILE = ShadowNetwork.newInstance(907);

  private final List<AutoCloseable> opened = new ArrayList<>();
  private ProxySelector selector;
  private Application application;

  @Before
  public void begin() {
    // Each test has an application of its own, in one process.
    ReflectionHelpers.setStaticField(Platform.class, "initialized", false);
    selector = ProxySelector.getDefault();
    application = RuntimeEnvironment.getApplication();
    permitCleartext(true);
    System.loadLibrary("socket_task");
    Platform.setNetwork(true);
    Platform.setForeground(true);
  }

  @After
  public void end() throws Exception {
    pretendToBe(RuntimeEnvironment.getApiLevel());
    ProxySelector.setDefault(selector);
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  // ---- The rule for ws: ----

  @Test
  public void refusesCleartextWhereTheManifestDoes() throws Exception {
    permitCleartext(false);
    startProvider();
    Recorder refused = new Recorder();
    keep(SocketTask.builder(echo("SOCKET_TASK_WS")).connect(refused));
    assertEquals("error URL CLEARTEXT_NOT_PERMITTED", refused.next());
    assertEquals("close 1006", refused.next());

    Recorder encrypted = new Recorder();
    keep(secure().connect(encrypted));
    assertEquals("open", encrypted.next());
  }

  @Test
  public void permitsCleartextWhereTheManifestDoes() throws Exception {
    startProvider();
    Recorder recorder = new Recorder();
    keep(SocketTask.builder(echo("SOCKET_TASK_WS")).connect(recorder));
    assertEquals("open", recorder.next());
  }

  @Test
  public void refusesCleartextByTheOneRuleOfAndroid6() throws Exception {
    pretendToBe(Build.VERSION_CODES.M);
    permitCleartext(false);
    startProvider();
    Recorder refused = new Recorder();
    keep(SocketTask.builder(echo("SOCKET_TASK_WS")).connect(refused));
    assertEquals("error URL CLEARTEXT_NOT_PERMITTED", refused.next());
  }

  @Test
  public void permitsCleartextWhereAndroidHasNoRule() throws Exception {
    pretendToBe(Build.VERSION_CODES.LOLLIPOP);
    permitCleartext(false);
    startProvider();
    Recorder recorder = new Recorder();
    keep(SocketTask.builder(echo("SOCKET_TASK_WS")).connect(recorder));
    assertEquals("open", recorder.next());
  }

  // ---- The proxy ----

  @Test
  public void goesThroughTheProxyThatTheSystemNames() throws Exception {
    startProvider();
    ConnectProxy proxy = keep(new ConnectProxy());
    List<URI> asked = select(new Proxy(Proxy.Type.HTTP, proxy.address()));
    Recorder recorder = new Recorder();
    SocketTask task = keep(secure().proxyFromSystem().connect(recorder));
    assertEquals("open", recorder.next());
    task.send("through");
    assertEquals("text through", recorder.next());
    int port = URI.create(echo("SOCKET_TASK_WSS")).getPort();
    assertEquals("CONNECT localhost:" + port + " HTTP/1.1", proxy.requests.poll());
    assertEquals(Collections.singletonList(URI.create("https://localhost:" + port + "/")), asked);
  }

  @Test
  public void goesDirectlyWhereTheSelectorFails() throws Exception {
    startProvider();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            throw new IllegalStateException("a fault of the selector");
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException error) {}
        });
    Recorder recorder = new Recorder();
    keep(secure().proxyFromSystem().connect(recorder));
    assertEquals("open", recorder.next());
  }

  @Test
  public void writesEachKindOfProxy() {
    List<URI> asked = select(Proxy.NO_PROXY);
    assertNull(SystemProxy.find("wss://user:secret@example.com:8443/path?query"));
    assertEquals(Collections.singletonList(URI.create("https://example.com:8443/")), asked);
    asked = select(new Proxy(Proxy.Type.SOCKS, InetSocketAddress.createUnresolved("proxy.example", 1080)));
    assertEquals("socks5://proxy.example:1080", SystemProxy.find("ws://[2001:db8::1]"));
    assertEquals(Collections.singletonList(URI.create("http://[2001:db8::1]/")), asked);
    select(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("2001:db8::2", 3128)));
    assertEquals("http://[2001:db8:0:0:0:0:0:2]:3128", SystemProxy.find("ws://under_score.example?a b"));
    assertNull(SystemProxy.find("no URL"));
    ProxySelector.setDefault(null);
    assertNull(SystemProxy.find("ws://example.com"));
  }

  // ---- Host names ----

  /** By UTS #46, and before Android 7.0 by IDNA 2003. */
  @Test
  public void convertsHostNamesOutsideAscii() {
    assertEquals("xn--bcher-kva.example", HostNames.toAscii("b\u00FCcher.example"));
    assertEquals("xn--fiqs8s.xn--fsqu00a", HostNames.toAscii("\u4E2D\u56FD.\u4F8B\u5B50"));
    assertEquals("127.0.0.1", HostNames.toAscii("\uFF11\uFF12\uFF17\u30020\u30020\u30021"));
    assertEquals("xn--fa-hia.de", HostNames.toAscii("fa\u00DF.de"));
    // Hyphens and empty labels are nothing to the standard; half a pair, and directions that are mixed, are.
    assertEquals("-a.xn----dha.", HostNames.toAscii("-a.\u00FC-."));
    assertNull(HostNames.toAscii("a\uD800.example"));
    assertNull(HostNames.toAscii("\u05D0a.example"));
    pretendToBe(Build.VERSION_CODES.M);
    assertEquals("xn--bcher-kva.example", HostNames.toAscii("b\u00FCcher.example"));
    assertEquals("fass.de", HostNames.toAscii("fa\u00DF.de"));
    assertNull(HostNames.toAscii("a\uD800.example"));
  }

  @Test
  public void connectsToAHostNameOutsideAscii() throws Exception {
    startProvider();
    int port = URI.create(echo("SOCKET_TASK_WS")).getPort();
    SocketTaskBuilder builder = SocketTask.builder("ws://b\u00FCcher.example:" + port + "/headers");
    String request = headers(builder.addAddress("xn--bcher-kva.example", "127.0.0.1"));
    assertTrue(request, request.contains("\r\nHost: xn--bcher-kva.example:" + port));
  }

  // ---- Cookies ----

  @Test
  public void sharesTheCookiesOfTheWebViews() throws Exception {
    startProvider();
    CookieManager manager = CookieManager.getInstance();
    String echo = echo("SOCKET_TASK_WS");
    String origin = echo.replaceFirst("^ws", "http");
    manager.setCookie(origin, "session=1");

    String request = headers(SocketTask.builder(echo + "/headers").cookiesFromSystem());
    assertTrue(request, request.contains("\r\nCookie: session=1"));
    String kept = manager.getCookie(origin);
    assertTrue(kept, kept.contains("first=1") && kept.contains("second=2"));

    request = headers(SocketTask.builder(echo + "/headers").cookiesFromSystem().addHeader("Cookie", "own=1"));
    assertTrue(request, request.contains("\r\nCookie: own=1"));
    request = headers(SocketTask.builder(echo + "/headers"));
    assertFalse(request, request.contains("session=1"));
    manager.removeAllCookies(null);
  }

  @Test
  @Config(shadows = NoWebView.class)
  public void connectsWithoutCookiesWhereThereIsNoWebView() throws Exception {
    startProvider();
    String request = headers(SocketTask.builder(echo("SOCKET_TASK_WS") + "/headers").cookiesFromSystem());
    assertFalse(request, request.contains("\r\nCookie:"));
  }

  /** As where the system is replacing its WebView. */
  @Implements(CookieManager.class)
  public static class NoWebView {
    @Implementation
    protected static CookieManager getInstance() {
      throw new AndroidRuntimeException("there is no WebView");
    }
  }

  /** The request as the server has seen it. */
  private String headers(SocketTaskBuilder builder) throws Exception {
    Recorder recorder = new Recorder();
    keep(builder.connect(recorder));
    assertEquals("open", recorder.next());
    return recorder.next();
  }

  // ---- The network ----

  @Test
  public void anotherNetworkEndsWhatIsSilent() throws Exception {
    startProvider();
    Silent silent = new Silent();
    callback().onAvailable(MOBILE);
    settle();
    silent.isProbedAndEnds();
  }

  @Test
  public void beforeAndroid7ANetworkThatComesEndsWhatIsSilent() throws Exception {
    pretendToBe(Build.VERSION_CODES.LOLLIPOP);
    startProvider();
    Silent silent = new Silent();
    callback().onAvailable(MOBILE);
    settle();
    silent.isProbedAndEnds();
  }

  @Test
  public void changesThatAreNoneProbeNothing() throws Exception {
    startProvider();
    Silent silent = new Silent();
    ConnectivityManager.NetworkCallback callback = callback();
    // As at the registration.
    Network current = application.getSystemService(ConnectivityManager.class).getActiveNetwork();
    callback.onAvailable(current);
    callback.onLinkPropertiesChanged(current, addresses("192.0.2.1"));
    callback.onLinkPropertiesChanged(current, addresses("192.0.2.1"));
    callback.onLost(MOBILE);
    settle();
    silent.isNotProbed();
  }

  @Test
  public void manyCallsOfOneChangeAreOneProbe() throws Exception {
    startProvider();
    Silent silent = new Silent();
    ConnectivityManager.NetworkCallback callback = callback();
    callback.onLost(application.getSystemService(ConnectivityManager.class).getActiveNetwork());
    callback.onAvailable(MOBILE);
    callback.onLinkPropertiesChanged(MOBILE, addresses("192.0.2.1"));
    callback.onLinkPropertiesChanged(MOBILE, addresses("192.0.2.2"));
    settle();
    assertEquals(WebSocketServer.PING, silent.server.nextFrame());
    silent.isNotProbed();
  }

  @Test
  public void withoutANetworkNobodyIsAsked() throws Exception {
    startProvider();
    Silent silent = new Silent();
    ConnectivityManager.NetworkCallback callback = callback();
    Network current = application.getSystemService(ConnectivityManager.class).getActiveNetwork();
    callback.onLost(current);
    settle();
    // One that comes and goes at once.
    callback.onAvailable(MOBILE);
    callback.onLost(MOBILE);
    settle();
    silent.isNotProbed();
    // The same as before, when it is back.
    callback.onAvailable(current);
    settle();
    silent.isProbedAndEnds();
  }

  @Test
  public void beforeAndroid7ANetworkThatGoesLeavesTheOneBeforeIt() throws Exception {
    pretendToBe(Build.VERSION_CODES.LOLLIPOP);
    startProvider();
    Network before = ShadowNetwork.newInstance(908);
    ConnectivityManager.NetworkCallback callback = callback();
    callback.onAvailable(before);
    callback.onAvailable(MOBILE);
    settle();
    Silent silent = new Silent();
    callback.onLost(MOBILE);
    settle();
    silent.isProbedAndEnds();
  }

  // ---- The foreground ----

  @Test
  public void theForegroundEndsWhatIsSilent() throws Exception {
    startProvider();
    ActivityController<Activity> activity = Robolectric.buildActivity(Activity.class).setup();
    Silent silent = new Silent();
    activity.pause().stop();
    activity.restart().start().resume();
    silent.isProbedAndEnds();
  }

  @Test
  public void anActivityInTheForegroundProbesNothing() throws Exception {
    startProvider();
    ActivityController<Activity> first = Robolectric.buildActivity(Activity.class).setup();
    Silent silent = new Silent();
    ActivityController<Activity> second = Robolectric.buildActivity(Activity.class).setup();
    first.pause().stop();
    second.recreate();
    silent.isNotProbed();
  }

  // ---- Reconnecting ----

  @Test
  public void withoutANetworkNothingIsReconnected() throws Exception {
    startProvider();
    ConnectivityManager.NetworkCallback callback = callback();
    Network current = application.getSystemService(ConnectivityManager.class).getActiveNetwork();
    callback.onLost(current);
    Recorder recorder = closedAgainAndAgain();
    assertTrue(recorder.isQuiet());
    callback.onAvailable(current);
    assertTrue(recorder.isQuiet());
    settle();
    assertEquals("open", recorder.next());
  }

  @Test
  public void anotherNetworkIsOne() throws Exception {
    startProvider();
    ConnectivityManager.NetworkCallback callback = callback();
    Network current = application.getSystemService(ConnectivityManager.class).getActiveNetwork();
    callback.onAvailable(MOBILE);
    callback.onLost(current);
    Recorder recorder = closedAgainAndAgain();
    assertEquals("open", recorder.next());
  }

  @Test
  public void withoutANetworkAtTheStartNothingIsReconnected() throws Exception {
    ConnectivityManager manager = application.getSystemService(ConnectivityManager.class);
    ShadowConnectivityManager shadow = Shadow.extract(manager);
    shadow.setActiveNetworkInfo(null);
    assertNull(manager.getActiveNetwork());
    startProvider();
    Recorder recorder = closedAgainAndAgain();
    assertTrue(recorder.isQuiet());
    callback().onAvailable(MOBILE);
    settle();
    assertEquals("open", recorder.next());
  }

  @Test
  public void inTheBackgroundNothingIsReconnected() throws Exception {
    startProvider();
    ActivityController<Activity> activity = Robolectric.buildActivity(Activity.class).setup();
    activity.pause().stop();
    Recorder recorder = closedAgainAndAgain();
    assertTrue(recorder.isQuiet());
    activity.restart().start().resume();
    assertEquals("open", recorder.next());
  }

  @Test
  public void anActivityThatWasStartedBeforeLeavesTheForeground() throws Exception {
    ActivityController<Activity> before = Robolectric.buildActivity(Activity.class).setup();
    startProvider();
    ActivityController<Activity> other = Robolectric.buildActivity(Activity.class).setup();
    before.pause().stop();
    Recorder recorder = closedAgainAndAgain();
    assertEquals("open", recorder.next());
    other.pause().stop();
  }

  /** The server closes each connection; the first is made whatever Android says. */
  private Recorder closedAgainAndAgain() throws Exception {
    Recorder recorder = new Recorder();
    SocketTaskReconnectOptions atOnce = new SocketTaskReconnectOptions().minDelay(0);
    keep(SocketTask.builder(echo("SOCKET_TASK_WS") + "/close?code=1012").reconnect(atOnce).connect(recorder));
    assertEquals("open", recorder.next());
    assertEquals("reconnecting 1012", recorder.next());
    return recorder;
  }

  // ---- What is missing ----

  @Test
  @Config(shadows = WithoutPermission.class)
  public void worksWithoutThePermission() throws Exception {
    startProvider();
    Recorder recorder = new Recorder();
    keep(secure().connect(recorder));
    assertEquals("open", recorder.next());
  }

  @Test
  public void worksWithoutTheServiceAndFromAnyContext() {
    Context bare =
        new ContextWrapper(application) {
          @Override
          public Context getApplicationContext() {
            return this;
          }

          @Override
          public Object getSystemService(String name) {
            return null;
          }
        };
    assertTrue(SocketTask.initialize(bare));
    assertTrue(SocketTask.initialize(bare));
  }

  // ---- Helpers ----

  /** A connection to a server that says nothing, from its opening on. */
  private final class Silent {
    final WebSocketServer server = keep(new WebSocketServer());
    final Recorder recorder = new Recorder();
    final SocketTask task = keep(SocketTask.builder(server.url()).connect(recorder));

    Silent() throws Exception {
      assertEquals("open", recorder.next());
    }

    void isProbedAndEnds() throws Exception {
      assertEquals(WebSocketServer.PING, server.nextFrame());
      assertEquals("error TIMEOUT PONG_TIMEOUT", recorder.next());
      assertEquals("close 1006", recorder.next());
    }

    /** A ping would be before the text. */
    void isNotProbed() throws Exception {
      task.send("later");
      assertEquals(WebSocketServer.TEXT, server.nextFrame());
    }
  }

  /** As Android does when the process starts. */
  private void startProvider() {
    Robolectric.buildContentProvider(SocketTaskProvider.class).create("com.example.app.sockettask");
  }

  private ConnectivityManager.NetworkCallback callback() {
    ShadowConnectivityManager manager = Shadow.extract(application.getSystemService(ConnectivityManager.class));
    assertEquals(1, manager.getNetworkCallbacks().size());
    return manager.getNetworkCallbacks().iterator().next();
  }

  private static void settle() {
    ShadowLooper.idleMainLooper(NetworkChanges.QUIET_MILLISECONDS, TimeUnit.MILLISECONDS);
  }

  private static LinkProperties addresses(String... texts) throws Exception {
    LinkProperties properties = new LinkProperties();
    // What applications cannot call.
    Constructor<LinkAddress> constructor = LinkAddress.class.getDeclaredConstructor(InetAddress.class, int.class);
    constructor.setAccessible(true);
    List<LinkAddress> addresses = new ArrayList<>();
    for (String text : texts) {
      addresses.add(constructor.newInstance(InetAddress.getByName(text), 24));
    }
    properties.setLinkAddresses(addresses);
    return properties;
  }

  /** The classes stay those of Android 15, but say that they are others. */
  private static void pretendToBe(int apiLevel) {
    ReflectionHelpers.setStaticField(Build.VERSION.class, "SDK_INT", apiLevel);
  }

  /** What {@code android:usesCleartextTraffic} does, by the classes that do it. */
  private void permitCleartext(boolean permitted) {
    ApplicationInfo info = application.getApplicationInfo();
    info.flags &= ~ApplicationInfo.FLAG_USES_CLEARTEXT_TRAFFIC;
    info.flags |= permitted ? ApplicationInfo.FLAG_USES_CLEARTEXT_TRAFFIC : 0;
    ApplicationConfig config = new ApplicationConfig(new ManifestConfigSource(application));
    libcore.net.NetworkSecurityPolicy.setInstance(new ConfigNetworkSecurityPolicy(config));
  }

  private static List<URI> select(Proxy... proxies) {
    List<URI> asked = Collections.synchronizedList(new ArrayList<>());
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            asked.add(uri);
            return Arrays.asList(proxies);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException error) {}
        });
    return asked;
  }

  private static SocketTaskBuilder secure() throws IOException {
    return SocketTask.builder(echo("SOCKET_TASK_WSS"))
        .addCaCertificates(Files.readAllBytes(Paths.get(echo("SOCKET_TASK_CA"))));
  }

  /** What scripts/with-echo-server says. */
  private static String echo(String variable) {
    String value = System.getenv(variable);
    if (value == null) {
      throw new AssertionError("to be run by tests/android/run");
    }
    return value;
  }

  private <T extends AutoCloseable> T keep(T one) {
    opened.add(one);
    return one;
  }

  /** Android without {@code ACCESS_NETWORK_STATE}. */
  @Implements(ConnectivityManager.class)
  public static final class WithoutPermission extends ShadowConnectivityManager {
    @Implementation
    @Override
    protected void registerDefaultNetworkCallback(ConnectivityManager.NetworkCallback callback) {
      throw new SecurityException("ACCESS_NETWORK_STATE");
    }
  }
}
