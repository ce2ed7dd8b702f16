package com.sockettask;

import static com.sockettask.Recorder.assertQueued;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sockettask.SocketTaskError.Phase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import libcore.net.NetworkSecurityPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Android tells and is asked, with Android's own classes as far as they run on a JVM. */
class PlatformTest {
  private final NetworkSecurityPolicy policyBefore = NetworkSecurityPolicy.getInstance();
  private final ProxySelector selectorBefore = ProxySelector.getDefault();
  private final Recorder recorder = new Recorder();

  @BeforeEach
  void install() {
    System.loadLibrary("socket_task");
    Platform.install(new AppContext());
  }

  @AfterEach
  void restore() {
    NetworkSecurityPolicy.setInstance(policyBefore);
    ProxySelector.setDefault(selectorBefore);
  }

  /** What the network security configuration of an app says. */
  private static void permit(Predicate<String> permitted) {
    NetworkSecurityPolicy.setInstance(
        new NetworkSecurityPolicy() {
          @Override
          public boolean isCleartextTrafficPermitted() {
            return false;
          }

          @Override
          public boolean isCleartextTrafficPermitted(String host) {
            return permitted.test(host);
          }

          @Override
          public boolean isCertificateTransparencyVerificationRequired(String host) {
            return false;
          }
        });
  }

  private void assertEchoes(SocketTaskBuilder builder) {
    SocketTask task = builder.connect(recorder);
    recorder.awaitOpen();
    assertQueued(task.send("hello"));
    assertEquals("hello", recorder.text());
    task.close();
    recorder.awaitRelease();
  }

  @Test
  void cleartextThatIsNotPermitted() {
    List<String> asked = new CopyOnWriteArrayList<>();
    permit(
        host -> {
          asked.add(host);
          return false;
        });
    SocketTask.builder(EchoServer.ws("/")).connect(recorder);
    SocketTaskError error = recorder.awaitError();
    assertEquals(SocketTaskErrorCode.CLEARTEXT_NOT_PERMITTED, error.getCode());
    assertEquals(Phase.URL, error.getPhase());
    assertTrue(error.getMessage().contains("127.0.0.1"), error.getMessage());
    assertEquals(1006, recorder.close.getCode());
    assertEquals(List.of("127.0.0.1"), asked);
  }

  @Test
  void cleartextThatIsPermittedToThisHost() {
    permit("127.0.0.1"::equals);
    assertEchoes(SocketTask.builder(EchoServer.ws("/")));
  }

  @Test
  void tlsIsAlwaysPermitted() {
    permit(host -> false);
    assertEchoes(EchoServer.trusting("wss_port", "/"));
  }

  @Test
  void aPolicyThatThrowsPermits() {
    permit(
        host -> {
          throw new IllegalStateException("the policy throws");
        });
    assertEchoes(SocketTask.builder(EchoServer.ws("/")));
  }

  private static void select(Proxy proxy, List<URI> asked) {
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            asked.add(uri);
            if (proxy == null) {
              throw new IllegalStateException("the selector throws");
            }
            return List.of(proxy);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException error) {}
        });
  }

  private static InetSocketAddress address(String port) {
    return InetSocketAddress.createUnresolved("127.0.0.1", Integer.parseInt(EchoServer.fact(port)));
  }

  @Test
  void theSystemsProxy() {
    String url = "ws://echo.test:" + EchoServer.fact("ws_port") + "/";
    List<URI> asked = new CopyOnWriteArrayList<>();
    select(new Proxy(Proxy.Type.HTTP, address("http_proxy_port")), asked);
    assertEchoes(SocketTask.builder(url).proxyFromSystem());
    assertEquals("127.0.0.1:" + EchoServer.fact("http_proxy_port"), recorder.open.getRemoteAddress());
    assertEquals(1, asked.size());
    assertEquals("echo.test", asked.get(0).getHost());
  }

  @Test
  void theSystemsSocksProxy() {
    String url = "ws://echo.test:" + EchoServer.fact("ws_port") + "/";
    select(new Proxy(Proxy.Type.SOCKS, address("socks_proxy_port")), new CopyOnWriteArrayList<>());
    assertEchoes(SocketTask.builder(url).proxyFromSystem());
    assertEquals("127.0.0.1:" + EchoServer.fact("socks_proxy_port"), recorder.open.getRemoteAddress());
  }

  @Test
  void theSystemHasNoProxy() {
    select(Proxy.NO_PROXY, new CopyOnWriteArrayList<>());
    assertEchoes(SocketTask.builder(EchoServer.ws("/")).proxyFromSystem());
  }

  @Test
  void aSelectorThatThrowsIsNone() {
    List<URI> asked = new CopyOnWriteArrayList<>();
    select(null, asked);
    assertEchoes(SocketTask.builder(EchoServer.ws("/")).proxyFromSystem());
    assertEquals(1, asked.size());
  }

  @Test
  void probeAllFindsConnectionsThatAreDead() {
    SocketTask task = SocketTask.builder(EchoServer.ws("/deaf")).connect(recorder);
    Recorder alive = new Recorder();
    SocketTask echo = SocketTask.builder(EchoServer.ws("/")).connect(alive);
    recorder.awaitOpen();
    alive.awaitOpen();
    Platform.probeAll(2_000);
    assertEquals(Phase.TIMEOUT, recorder.awaitError().getPhase());
    assertEquals(SocketTask.ReadyState.CLOSED, task.getReadyState());
    assertQueued(echo.send("alive"));
    assertEquals("alive", alive.text());
    echo.release();
  }
}
