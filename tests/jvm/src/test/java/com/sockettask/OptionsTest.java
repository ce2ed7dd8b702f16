package com.sockettask;

import static com.sockettask.Recorder.assertQueued;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sockettask.SocketTaskBuilder.CookieJar;
import com.sockettask.SocketTaskBuilder.TlsVersion;
import com.sockettask.SocketTaskBuilder.TrustRoots;
import com.sockettask.SocketTaskError.Phase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every option has an effect. */
class OptionsTest {
  private final Recorder recorder = new Recorder();

  /** The head of the request that the options make. */
  private String head(SocketTaskBuilder builder) {
    SocketTask task = builder.connect(recorder);
    recorder.awaitOpen();
    String head = recorder.text();
    task.close();
    recorder.awaitRelease();
    return head;
  }

  private static SocketTaskBuilder headers() {
    return SocketTask.builder(EchoServer.ws("/headers"));
  }

  private SocketTaskError failure(SocketTaskBuilder builder) {
    builder.connect(recorder);
    SocketTaskError error = recorder.awaitError();
    recorder.awaitRelease();
    return error;
  }

  private SocketTaskOpen success(SocketTaskBuilder builder) {
    SocketTask task = builder.connect(recorder);
    SocketTaskOpen open = recorder.awaitOpen();
    assertQueued(task.send("hello"));
    assertEquals("hello", recorder.text());
    task.close();
    recorder.awaitRelease();
    return open;
  }

  @Test
  void headersAreSentAsTheyWereAdded() {
    String head = head(headers().addHeader("X-b", "2").addHeader("x-A", "é").addHeader("X-b", "1").addHeader("User-Agent", ""));
    assertTrue(head.contains("\r\nX-b: 2\r\nx-A: é\r\nX-b: 1"), head);
    assertFalse(head.contains("User-Agent"), head);
  }

  @Test
  void whatTheServerSaid() {
    SocketTask task =
        SocketTask.builder(EchoServer.ws("/")).addProtocol("chat").addProtocol("talk").connect(recorder);
    SocketTaskOpen open = recorder.awaitOpen();
    assertEquals("chat", open.getProtocol());
    assertEquals("chat", task.getProtocol());
    assertEquals(101, open.getHttpStatus());
    assertEquals("yes", open.getHeader("X-TEST"));
    assertEquals(2, open.getHeaders().stream().filter(header -> header.getName().equals("Set-Cookie")).count());
    assertEquals("127.0.0.1:" + EchoServer.fact("ws_port"), open.getRemoteAddress());
    assertEquals("", open.getTlsVersion());
    assertEquals("", open.getTlsCipher());
    assertEquals("", open.getExtensions());
    SocketTaskTimings timings = open.getTimings();
    assertTrue(timings.getDnsStart() <= timings.getDnsEnd());
    assertTrue(timings.getTcpStart() < timings.getTcpEnd());
    assertEquals(timings.getProxyStart(), timings.getProxyEnd());
    assertEquals(timings.getTlsStart(), timings.getTlsEnd());
    assertTrue(timings.getHandshakeStart() < timings.getHandshakeEnd());
    assertTrue(timings.getTcpEnd() <= timings.getHandshakeStart());
    assertEquals(EchoServer.ws("/"), task.getUrl());
    task.release();
  }

  @Test
  void perMessageDeflate() {
    SocketTaskDeflateOptions options =
        new SocketTaskDeflateOptions()
            .clientNoContextTakeover(true)
            .serverNoContextTakeover(true)
            .clientMaxWindowBits(9)
            .serverMaxWindowBits(10)
            .level(9)
            .threshold(0);
    SocketTaskBuilder builder = headers().perMessageDeflate(options);
    // It was copied.
    options.serverMaxWindowBits(15);
    String offer = RawServer.header(head(builder), "Sec-WebSocket-Extensions");
    assertTrue(offer.startsWith("permessage-deflate"), offer);
    assertTrue(offer.contains("client_no_context_takeover"), offer);
    assertTrue(offer.contains("server_no_context_takeover"), offer);
    assertTrue(offer.contains("client_max_window_bits=9"), offer);
    assertTrue(offer.contains("server_max_window_bits=10"), offer);
  }

  /** Level and threshold cannot be seen in the offer. */
  @ParameterizedTest
  @CsvSource({"9,0,true", "9,2000,false", "0,0,false"})
  void compression(int level, int threshold, boolean isSmaller) throws IOException {
    BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    try (RawServer server =
        new RawServer(
            (socket, request) -> {
              RawServer.open(socket, request, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
              byte[] head = socket.getInputStream().readNBytes(4);
              int length = head[1] & 0x7f;
              sizes.add(length < 126 ? length : (head[2] & 0xff) << 8 | head[3] & 0xff);
              RawServer.readAll(socket);
            })) {
      SocketTask task =
          SocketTask.builder(server.url("/"))
              .perMessageDeflate(new SocketTaskDeflateOptions().level(level).threshold(threshold))
              .connect(recorder);
      assertEquals("permessage-deflate", recorder.awaitOpen().getExtensions());
      assertQueued(task.send("x".repeat(1000)));
      assertEquals(isSmaller, Recorder.next(sizes, "a frame") < 500);
      task.release();
    }
  }

  @Test
  void timeout() {
    SocketTaskError error = failure(SocketTask.builder(EchoServer.ws("/silent")).timeout(200));
    assertEquals(SocketTaskErrorCode.TIMED_OUT, error.getCode());
    assertEquals(Phase.HANDSHAKE, error.getPhase());
  }

  @Test
  void closeTimeout() {
    SocketTask task = SocketTask.builder(EchoServer.ws("/deaf")).closeTimeout(100).connect(recorder);
    recorder.awaitOpen();
    long start = System.nanoTime();
    task.close();
    assertEquals(1006, recorder.awaitClose().getCode());
    assertTrue(System.nanoTime() - start < 1_900_000_000L, "that is sooner than by default");
  }

  @Test
  void pingIntervalAndPongTimeout() {
    SocketTaskError error = failure(SocketTask.builder(EchoServer.ws("/deaf")).pingInterval(50).pongTimeout(100));
    assertEquals(SocketTaskErrorCode.PONG_TIMEOUT, error.getCode());
    assertEquals(Phase.TIMEOUT, error.getPhase());
    assertEquals(1006, recorder.close.getCode());
  }

  @Test
  void probe() {
    SocketTask task = SocketTask.builder(EchoServer.ws("/deaf")).connect(recorder);
    recorder.awaitOpen();
    assertThrows(IllegalArgumentException.class, () -> task.probe(-1));
    task.probe(100);
    assertEquals(Phase.TIMEOUT, recorder.awaitError().getPhase());
    assertTrue(recorder.silence >= 50 && !recorder.revived, "it was suspect before");
  }

  @Test
  void suspectThatLives() {
    SocketTask task = SocketTask.builder(EchoServer.ws("/late?ms=600")).connect(recorder);
    recorder.awaitOpen();
    task.probe(700);
    assertEquals("late", recorder.text());
    assertTrue(recorder.silence >= 350 && recorder.revived, "it was suspect, and lives");
  }

  @Test
  void maxMessageSize() {
    SocketTask task = SocketTask.builder(EchoServer.ws("/")).maxMessageSize(1000).connect(recorder);
    recorder.awaitOpen();
    task.send(new byte[1000]);
    assertEquals(1000, recorder.bytes().length);
    task.send(new byte[1001]);
    assertEquals(SocketTaskErrorCode.MESSAGE_TOO_BIG, recorder.awaitError().getCode());
  }

  @Test
  void maxBufferedAmount() {
    SocketTask task = SocketTask.builder(EchoServer.ws("/deaf")).maxBufferedAmount(32 << 20).connect(recorder);
    recorder.awaitOpen();
    byte[] message = new byte[1 << 20];
    int queued = 0;
    while (task.send(message) == SocketTask.SendResult.QUEUED) {
      queued++;
    }
    assertEquals(SocketTask.SendResult.BUFFER_FULL, task.send(message));
    assertTrue(queued >= 32, "what fits into the queue was refused: " + queued);
    assertTrue(task.getBufferedAmount() > 31 << 20, String.valueOf(task.getBufferedAmount()));
    assertEquals(SocketTask.ReadyState.OPEN, task.getReadyState());
    // After the end it is told how much was lost.
    task.probe(50);
    recorder.awaitRelease();
    assertTrue(task.getBufferedAmount() > 31 << 20, String.valueOf(task.getBufferedAmount()));
  }

  @Test
  void drain() {
    SocketTask task = SocketTask.builder(EchoServer.ws("/sink")).maxBufferedAmount(1 << 20).connect(recorder);
    recorder.awaitOpen();
    int queued = 0;
    byte[] message = new byte[600_000];
    while (queued < 20) {
      if (task.send(message) == SocketTask.SendResult.QUEUED) {
        queued++;
      } else {
        Recorder.next(recorder.drains, "onDrain");
      }
    }
    long sent = 0;
    while (sent < 20) {
      sent = Recorder.next(recorder.drains, "onDrain");
    }
    assertEquals(20, sent);
    assertQueued(task.send("report"));
    assertEquals("messages=20 bytes=12000000", recorder.text());
    task.release();
  }

  @Test
  void pauseAndResume() throws InterruptedException {
    SocketTask task = SocketTask.builder(EchoServer.ws("/")).connect(recorder);
    recorder.awaitOpen();
    task.pause();
    assertQueued(task.send("first"));
    Thread.sleep(300);
    assertEquals(0, recorder.messages.size());
    task.resume();
    assertEquals("first", recorder.text());
    task.release();
  }

  @Test
  void redirects() {
    String target = EchoServer.ws("/redirect?to=" + EchoServer.ws("/"));
    assertEquals(302, failure(SocketTask.builder(target)).getHttpStatus());
    new OptionsTest().success(SocketTask.builder(target).followRedirects(1));
  }

  @Test
  void cookies() throws InterruptedException {
    List<String> told = new CopyOnWriteArrayList<>();
    CookieJar jar =
        new CookieJar() {
          @Override
          public String cookiesFor(String url) {
            told.add(url);
            return "name=wert; a=b";
          }

          @Override
          public void setCookie(String url, String cookie) {
            told.add(url + " " + cookie);
          }
        };
    String url = EchoServer.ws("/headers");
    String head = head(SocketTask.builder(url.replace("//", "//user:secret@")).cookieJar(jar));
    assertEquals("name=wert; a=b", RawServer.header(head, "Cookie"));
    assertEquals("Basic dXNlcjpzZWNyZXQ=", RawServer.header(head, "Authorization"));
    assertEquals(List.of(url, url + " first=1", url + " second=2"), told);
  }

  /** Whoever throws has no cookies, and no proxy. */
  @Test
  void hooksThatThrowOrHaveNoAnswer() {
    BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    SocketTask.setExceptionHandler((task, exception) -> thrown.add(exception));
    try {
      CookieJar jar =
          new CookieJar() {
            @Override
            public String cookiesFor(String url) {
              throw new IllegalStateException("cookiesFor");
            }

            @Override
            public void setCookie(String url, String cookie) {
              throw new IllegalStateException("setCookie");
            }
          };
      SocketTaskBuilder builder =
          headers()
              .cookieJar(jar)
              .proxyResolver(
                  url -> {
                    throw new IllegalStateException("proxyFor");
                  });
      String head = head(builder);
      assertEquals(null, RawServer.header(head, "Cookie"));
      List<String> messages = new ArrayList<>();
      thrown.forEach(exception -> messages.add(exception.getMessage()));
      assertEquals(List.of("proxyFor", "cookiesFor", "setCookie", "setCookie"), messages);
    } finally {
      SocketTask.setExceptionHandler(null);
    }
    new OptionsTest().success(SocketTask.builder(EchoServer.ws("/")).proxyResolver(url -> null));
  }

  @Test
  void prewarm() throws IOException {
    try (RawServer server =
        new RawServer(
            (socket, request) -> {
              RawServer.open(socket, request);
              RawServer.readAll(socket);
            })) {
      SocketTaskBuilder builder = SocketTask.builder(server.url("/")).addHeader("X", "y");
      builder.prewarm(60_000);
      Recorder.next(server.requests, "the request");
      SocketTask task = builder.connect(recorder);
      recorder.awaitOpen();
      assertEquals(0, server.requests.size(), "it was adopted");
      task.release();
      assertThrows(
          IllegalArgumentException.class,
          () -> SocketTask.builder(server.url("/")).proxyResolver(url -> null).prewarm(0));
    }
  }

  // ---- TLS ----

  @Test
  void tls() {
    SocketTaskOpen open = success(EchoServer.trusting("wss_port", "/"));
    assertEquals("TLSv1.3", open.getTlsVersion());
    assertTrue(open.getTlsCipher().startsWith("TLS13_") || open.getTlsCipher().startsWith("TLS_"), open.getTlsCipher());
    assertTrue(open.getTimings().getTlsStart() < open.getTimings().getTlsEnd());
    SocketTaskOpen again = new OptionsTest().success(EchoServer.trusting("wss_port", "/"));
    assertTrue(again.isTlsResumed() || again.getTimings().getTlsEnd() > 0);
  }

  @Test
  void caBesideOtherRoots() {
    SocketTaskBuilder builder =
        SocketTask.builder(EchoServer.wss("wss_port", "/"))
            .trustRoots(TrustRoots.BUNDLED)
            .addCaCertificates(EchoServer.file("ca"));
    success(builder);
  }

  @Test
  void bundledRootsAlone() {
    SocketTaskBuilder builder =
        SocketTask.builder(EchoServer.wss("wss_port", "/")).trustRoots(TrustRoots.BUNDLED);
    assertEquals(SocketTaskErrorCode.CERTIFICATE_UNKNOWN_ISSUER, failure(builder).getCode());
  }

  @Test
  void pins() {
    success(EchoServer.trusting("wss_port", "/").addPin(EchoServer.fact("wss_pin")).addPin("00".repeat(32)));
    SocketTaskError error = new OptionsTest().failure(EchoServer.trusting("wss_port", "/").addPin("00".repeat(32)));
    assertEquals(SocketTaskErrorCode.PIN_MISMATCH, error.getCode());
  }

  @Test
  void acceptedCertificate() {
    SocketTaskBuilder builder =
        SocketTask.builder(EchoServer.wss("wss_self_signed_port", "/")).trustRoots(TrustRoots.NONE);
    success(builder.addAcceptedCertificate(EchoServer.fact("self_signed_fingerprint")));
  }

  @Test
  void clientCertificate() {
    success(
        EchoServer.trusting("wss_mutual_port", "/")
            .clientCertificate(EchoServer.file("client"), EchoServer.file("client_key")));
    assertNotEquals(null, new OptionsTest().failure(EchoServer.trusting("wss_mutual_port", "/")));
  }

  @Test
  void clientKey() throws Exception {
    X509Certificate[] chain = {certificate(EchoServer.file("client"))};
    PrivateKey key = privateKey(EchoServer.file("client_key"));
    success(EchoServer.trusting("wss_mutual_port", "/").clientKey(chain, key));
    PrivateKey other = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
    SocketTaskError error = new OptionsTest().failure(EchoServer.trusting("wss_mutual_port", "/").clientKey(chain, other));
    assertEquals(Phase.TLS, error.getPhase());
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    SocketTask.setExceptionHandler((task, exception) -> thrown.add(exception));
    try {
      PrivateKey broken = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
      error = new OptionsTest().failure(EchoServer.trusting("wss_mutual_port", "/").clientKey(chain, broken));
    } finally {
      SocketTask.setExceptionHandler(null);
    }
    assertTrue(error.getMessage().endsWith("the app has not signed for the client's certificate"), error.getMessage());
    assertTrue(thrown.get(0) instanceof InvalidKeyException, String.valueOf(thrown));
    SocketTaskBuilder builder = EchoServer.trusting("wss_mutual_port", "/").clientKey(new X509Certificate[0], key);
    assertThrows(IllegalArgumentException.class, () -> builder.connect(new Recorder()));
    assertThrows(IllegalArgumentException.class, () -> builder.prewarm(1000));
  }

  private static X509Certificate certificate(byte[] pem) throws Exception {
    return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  private static PrivateKey privateKey(byte[] pem) throws Exception {
    String base64 = new String(pem, StandardCharsets.US_ASCII).replaceAll("-----[^-]*-----|\\s", "");
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }

  /** Each algorithm that the library may ask for makes a signature that Java itself accepts. */
  @ParameterizedTest
  @CsvSource({
    "0x0401,RSA,2048,SHA256withRSA", "0x0501,RSA,2048,SHA384withRSA", "0x0601,RSA,2048,SHA512withRSA",
    "0x0403,EC,256,SHA256withECDSA", "0x0503,EC,384,SHA384withECDSA", "0x0603,EC,521,SHA512withECDSA",
    "0x0804,RSA,2048,SHA-256", "0x0805,RSA,2048,SHA-384", "0x0806,RSA,2048,SHA-512", "0x0807,Ed25519,255,Ed25519"
  })
  void clientKeySigns(String algorithm, String kind, int size, String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
    generator.initialize(size);
    KeyPair pair = generator.generateKeyPair();
    byte[] message = {1, 2, 3};
    byte[] made = new ClientKey(pair.getPrivate()).sign(Integer.decode(algorithm), message);
    Signature check;
    if (name.startsWith("SHA-")) {
      check = Signature.getInstance("RSASSA-PSS");
      int length = Integer.parseInt(name.substring(4)) / 8;
      check.setParameter(new PSSParameterSpec(name, "MGF1", new MGF1ParameterSpec(name), length, 1));
    } else {
      check = Signature.getInstance(name);
    }
    check.initVerify(pair.getPublic());
    check.update(message);
    assertTrue(check.verify(made));
  }

  @Test
  void serverName() {
    SocketTaskError error = failure(EchoServer.trusting("wss_port", "/").serverName("example.com"));
    assertEquals(SocketTaskErrorCode.CERTIFICATE_WRONG_HOST, error.getCode());
  }

  @Test
  void minTlsVersion() {
    assertEquals("TLSv1.2", success(EchoServer.trusting("wss_tls12_port", "/")).getTlsVersion());
    SocketTaskError error =
        new OptionsTest().failure(EchoServer.trusting("wss_tls12_port", "/").minTlsVersion(TlsVersion.TLS_1_3));
    assertEquals(Phase.TLS, error.getPhase());
  }

  // ---- The way to the server ----

  private static String throughProxy() {
    return "ws://echo.test:" + EchoServer.fact("ws_port") + "/";
  }

  @ParameterizedTest
  @CsvSource({"http://,http_proxy_port", "socks5://,socks_proxy_port", "http://user:password@,http_password_proxy_port"})
  void proxy(String scheme, String port) {
    SocketTaskOpen open =
        success(SocketTask.builder(throughProxy()).proxy(scheme + "127.0.0.1:" + EchoServer.fact(port)));
    assertEquals("127.0.0.1:" + EchoServer.fact(port), open.getRemoteAddress());
    assertTrue(open.getTimings().getProxyStart() < open.getTimings().getProxyEnd());
  }

  @Test
  void proxyThatWantsAPassword() {
    SocketTaskError error =
        failure(
            SocketTask.builder(throughProxy())
                .proxy("http://127.0.0.1:" + EchoServer.fact("http_password_proxy_port")));
    assertEquals(SocketTaskErrorCode.PROXY_AUTHENTICATION, error.getCode());
    assertEquals(Phase.PROXY, error.getPhase());
    assertEquals(407, error.getHttpStatus());
  }

  @Test
  void headersForTheProxy() {
    SocketTaskBuilder builder =
        SocketTask.builder(throughProxy()).proxy("http://127.0.0.1:" + EchoServer.fact("http_password_proxy_port"));
    success(builder.addProxyHeader("Proxy-Authorization", "Basic dXNlcjpwYXNzd29yZA==").addProxyHeader("User-Agent", ""));
    for (String name : new String[] {"Host", "a b"}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> SocketTask.builder(throughProxy()).addProxyHeader(name, "x").connect(new Recorder()),
          name);
    }
  }

  @Test
  void proxyResolver() {
    List<String> asked = new CopyOnWriteArrayList<>();
    SocketTaskBuilder builder =
        SocketTask.builder(throughProxy())
            .proxyResolver(
                url -> {
                  asked.add(url);
                  return "http://127.0.0.1:" + EchoServer.fact("http_proxy_port");
                });
    success(builder);
    assertEquals(List.of(throughProxy()), asked);
  }

  /** The tests are run with http_proxy set to a port on which nobody listens. */
  @Test
  void proxyFromEnvironment() {
    SocketTaskError error = failure(SocketTask.builder(throughProxy()).proxyFromEnvironment());
    assertEquals(SocketTaskErrorCode.CONNECTION_REFUSED, error.getCode(), error.toString());
    assertTrue(error.getMessage().contains("127.0.0.1:1"), error.getMessage());
  }

  @Test
  void addresses() {
    String url = "ws://no-such-host.invalid:" + EchoServer.fact("ws_port") + "/";
    success(SocketTask.builder(url).addAddress("no-such-host.invalid", "127.0.0.1"));
  }

  /** What the operating system does with these cannot be seen from here; that they get there can. */
  @Test
  void tcpOptions() {
    success(SocketTask.builder(EchoServer.ws("/")).tcpNoDelay(false).tcpKeepalive(30_000));
  }

  // ---- The library ----

  @Test
  void log() {
    List<String> lines = new CopyOnWriteArrayList<>();
    SocketTask.setLogger(SocketTask.LogLevel.DEBUG, (level, line) -> lines.add(level + " " + line));
    try {
      success(SocketTask.builder(EchoServer.ws("/")));
    } finally {
      SocketTask.setLogger(SocketTask.LogLevel.OFF, null);
    }
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("INFO ")), lines.toString());
    int count = lines.size();
    new OptionsTest().success(SocketTask.builder(EchoServer.ws("/")));
    assertEquals(count, lines.size());
  }

  @Test
  void aLoggerThatThrows() {
    BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    SocketTask.setExceptionHandler((task, exception) -> thrown.add(exception));
    RuntimeException exception = new RuntimeException("thrown");
    SocketTask.setLogger(
        SocketTask.LogLevel.INFO,
        (level, line) -> {
          throw exception;
        });
    try {
      success(SocketTask.builder(EchoServer.ws("/")));
      assertEquals(exception, Recorder.next(thrown, "the exception"));
    } finally {
      SocketTask.setLogger(SocketTask.LogLevel.OFF, null);
      SocketTask.setExceptionHandler(null);
    }
  }

  @Test
  void aLoggerCannotReplaceItself() {
    BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
    SocketTask.setExceptionHandler((task, exception) -> thrown.add(exception));
    SocketTask.setLogger(
        SocketTask.LogLevel.INFO, (level, line) -> SocketTask.setLogger(SocketTask.LogLevel.OFF, null));
    try {
      success(SocketTask.builder(EchoServer.ws("/")));
      assertEquals(IllegalStateException.class, Recorder.next(thrown, "the exception").getClass());
    } finally {
      SocketTask.setLogger(SocketTask.LogLevel.OFF, null);
      SocketTask.setExceptionHandler(null);
    }
  }

  @Test
  void workerThreads() {
    success(SocketTask.builder(EchoServer.ws("/")));
    assertThrows(IllegalArgumentException.class, () -> SocketTask.setWorkerThreads(0));
    assertThrows(IllegalArgumentException.class, () -> SocketTask.setWorkerThreads(65));
    assertThrows(IllegalArgumentException.class, () -> SocketTask.setWorkerThreads(-1));
    assertThrows(IllegalStateException.class, () -> SocketTask.setWorkerThreads(2), "they run already");
  }

  @Test
  void secretsAreNotShown() {
    SocketTask task =
        SocketTask.builder(EchoServer.ws("/?token=secret").replace("//", "//user:secret@")).connect(recorder);
    assertFalse(task.toString().contains("secret"), task.toString());
    task.release();
  }
}
