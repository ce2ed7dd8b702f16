package com.sockettask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sockettask.SocketTaskBuilder.TrustRoots;
import com.sockettask.SocketTaskError.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Why connections fail, and what is refused before they begin. */
class ErrorsTest {
  private static SocketTaskError failure(SocketTaskBuilder builder) {
    Recorder recorder = new Recorder();
    builder.connect(recorder);
    SocketTaskError error = recorder.awaitError();
    recorder.awaitRelease();
    assertTrue(error.getMessage().length() > 10, error.getMessage());
    return error;
  }

  private static void assertFailure(Phase phase, SocketTaskErrorCode code, SocketTaskError error) {
    assertEquals(code, error.getCode(), error.toString());
    assertEquals(phase, error.getPhase(), error.toString());
  }

  @Test
  void theServerRefuses() {
    SocketTaskError error = failure(SocketTask.builder(EchoServer.ws("/status?code=401&body=no%C3%A9")));
    assertFailure(Phase.HANDSHAKE, SocketTaskErrorCode.HTTP_STATUS, error);
    assertEquals(401, error.getHttpStatus());
    assertEquals("Basic realm=\"test\"", error.getHeader("www-authenticate"));
    assertEquals("text/plain", error.getHeader("Content-Type"));
    assertNull(error.getHeader("X-None"));
    assertTrue(error.getHeaders().stream().anyMatch(header -> header.getName().equals("WWW-Authenticate")));
    assertThrows(UnsupportedOperationException.class, () -> error.getHeaders().clear());
    assertEquals("noé", new String(error.getBody(), StandardCharsets.UTF_8));
    error.getBody()[0] = 'X';
    assertEquals('n', error.getBody()[0]);
  }

  @Test
  void headersOfAnyBytes() throws IOException {
    StringBuilder many = new StringBuilder("X-Latin: \u00e9\r\nX-Utf8: \u00c3\u00a9\r\n");
    for (int i = 0; i < 80; i++) {
      many.append("X-").append(i).append(": ").append(i).append("\r\n");
    }
    try (RawServer server =
        new RawServer(
            (socket, request) -> {
              RawServer.open(socket, request, many.toString());
              RawServer.readAll(socket);
            })) {
      Recorder recorder = new Recorder();
      SocketTask task = SocketTask.builder(server.url("/")).connect(recorder);
      SocketTaskOpen open = recorder.awaitOpen();
      assertEquals("é", open.getHeader("x-latin"));
      assertEquals("é", open.getHeader("x-utf8"));
      assertEquals("79", open.getHeader("X-79"));
      task.release();
      recorder.awaitRelease();
    }
  }

  @Test
  void nobodyListens() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    SocketTaskError error = failure(SocketTask.builder("ws://127.0.0.1:" + port));
    assertFailure(Phase.TCP, SocketTaskErrorCode.CONNECTION_REFUSED, error);
    assertEquals(111, error.getOsError());
    assertEquals(0, error.getHttpStatus());
    assertEquals(0, error.getHeaders().size());
    assertEquals(0, error.getBody().length);
  }

  @Test
  void thereIsNoSuchHost() {
    SocketTaskError error = failure(SocketTask.builder("ws://no-such-host.invalid/"));
    assertFailure(Phase.DNS, SocketTaskErrorCode.NAME_NOT_RESOLVED, error);
  }

  @ParameterizedTest
  @CsvSource({
    "/wrong-accept,ACCEPT_MISMATCH", "/bad-protocol,BAD_PROTOCOL", "/bad-extension,BAD_EXTENSION",
    "/redirect?to=/,HTTP_STATUS"
  })
  void theHandshakeIsWrong(String path, SocketTaskErrorCode code) {
    assertFailure(Phase.HANDSHAKE, code, failure(SocketTask.builder(EchoServer.ws(path))));
  }

  @ParameterizedTest
  @CsvSource({
    "wss_wrong_host_port,CERTIFICATE_WRONG_HOST", "wss_expired_port,CERTIFICATE_EXPIRED",
    "wss_not_yet_valid_port,CERTIFICATE_NOT_YET_VALID", "wss_unknown_authority_port,CERTIFICATE_UNKNOWN_ISSUER"
  })
  void theCertificateIsWrong(String port, SocketTaskErrorCode code) {
    Recorder recorder = new Recorder();
    EchoServer.trusting(port, "/").connect(recorder);
    assertFailure(Phase.TLS, code, recorder.awaitError());
    assertEquals(1015, recorder.close.getCode());
  }

  @Test
  void theSystemDoesNotTrustTheAuthority() {
    SocketTaskError error = failure(SocketTask.builder(EchoServer.wss("wss_port", "/")));
    assertEquals(Phase.TLS, error.getPhase(), error.toString());
  }

  private static SocketTaskError afterFrame(int... frame) throws IOException {
    try (RawServer server =
        new RawServer(
            (socket, request) -> {
              RawServer.open(socket, request);
              RawServer.write(socket, frame);
              RawServer.readAll(socket);
            })) {
      return failure(SocketTask.builder(server.url("/")).maxMessageSize(1000));
    }
  }

  @Test
  void theServerBreaksTheProtocol() throws IOException {
    assertFailure(Phase.PROTOCOL, SocketTaskErrorCode.PROTOCOL_VIOLATION, afterFrame(0x83, 0));
    assertFailure(Phase.PROTOCOL, SocketTaskErrorCode.INVALID_UTF8, afterFrame(0x81, 1, 0xff));
    assertFailure(Phase.PROTOCOL, SocketTaskErrorCode.MESSAGE_TOO_BIG, afterFrame(0x82, 126, 0x40, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http://example.com", "ws://", "ws://host/#fragment", "ws://ho st/", "ws://h\u0000x/", "ws://例/"})
  void theUrlIsWrong(String url) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> SocketTask.builder(url).connect(new Recorder()));
    assertTrue(refused.getMessage().length() > 10, refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> SocketTask.builder(url).prewarm(0));
  }

  private static void assertRefused(SocketTaskBuilder builder) {
    Recorder recorder = new Recorder();
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> builder.connect(recorder));
    assertTrue(refused.getMessage().length() > 10, refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> builder.prewarm(0));
    assertEquals(0, recorder.events().size());
  }

  private static SocketTaskBuilder builder() {
    return SocketTask.builder(EchoServer.ws("/"));
  }

  @Test
  void optionsThatAreWrong() {
    byte[] nonsense = "nonsense".getBytes(StandardCharsets.UTF_8);
    assertRefused(builder().addHeader("Host", "x"));
    assertRefused(builder().addHeader("X Y", "x"));
    assertRefused(builder().addHeader("X", "a\r\nb"));
    assertRefused(builder().addHeader("X", "a\0b"));
    assertRefused(builder().addProtocol(""));
    assertRefused(builder().addProtocol("a").addProtocol("a"));
    assertRefused(builder().timeout(0));
    assertRefused(builder().pongTimeout(0));
    assertRefused(builder().maxMessageSize(0));
    assertRefused(builder().maxBufferedAmount(0));
    assertRefused(builder().followRedirects(21));
    assertRefused(builder().followRedirects(256));
    assertRefused(builder().perMessageDeflate(new SocketTaskDeflateOptions().level(10)));
    assertRefused(builder().perMessageDeflate(new SocketTaskDeflateOptions().clientMaxWindowBits(7)));
    assertRefused(builder().perMessageDeflate(new SocketTaskDeflateOptions().serverMaxWindowBits(16)));
    assertRefused(builder().addCaCertificates(nonsense));
    assertRefused(builder().addPin("nonsense"));
    assertRefused(builder().addAcceptedCertificate("nonsense"));
    assertRefused(builder().clientCertificate(nonsense, nonsense));
    assertRefused(builder().serverName("a b"));
    assertRefused(builder().tcpKeepalive(32_767_001));
    assertRefused(builder().addAddress("", "127.0.0.1"));
    assertRefused(builder().addAddress("host", "nonsense"));
    assertRefused(builder().proxy("ftp://host"));
    assertRefused(builder().trustRoots(TrustRoots.NONE));
  }

  @Test
  void numbersThatAreNegative() {
    assertThrows(IllegalArgumentException.class, () -> builder().timeout(-1));
    assertThrows(IllegalArgumentException.class, () -> builder().closeTimeout(-1));
    assertThrows(IllegalArgumentException.class, () -> builder().pingInterval(-1));
    assertThrows(IllegalArgumentException.class, () -> builder().pongTimeout(-1));
    assertThrows(IllegalArgumentException.class, () -> builder().maxMessageSize(-1));
    assertThrows(IllegalArgumentException.class, () -> builder().maxBufferedAmount(-1));
    assertThrows(IllegalArgumentException.class, () -> builder().tcpKeepalive(-1));
    assertThrows(IllegalArgumentException.class, () -> builder().followRedirects(-1));
    assertThrows(IllegalArgumentException.class, () -> builder().prewarm(-1));
    assertThrows(IllegalArgumentException.class, () -> new SocketTaskDeflateOptions().threshold(-1));
  }

  /** Java's names are those of the header, number for number. */
  @Test
  void theConstantsAreThoseOfTheHeader() throws IOException {
    String header = Files.readString(Path.of(System.getProperty("header")));
    int codes = 0;
    Matcher code = Pattern.compile("SOCKET_TASK_ERROR_(\\w+) = (\\d+),").matcher(header);
    while (code.find()) {
      assertEquals(code.group(1), SocketTaskErrorCode.of(Integer.parseInt(code.group(2))).name());
      codes++;
    }
    assertEquals(SocketTaskErrorCode.values().length, codes);
    int phases = 0;
    Matcher phase = Pattern.compile("SOCKET_TASK_PHASE_(\\w+) = (\\d+),").matcher(header);
    while (phase.find()) {
      assertEquals(phase.group(1), Phase.values()[Integer.parseInt(phase.group(2)) - 1].name());
      phases++;
    }
    assertEquals(Phase.values().length, phases);
    for (SocketTask.ReadyState state : SocketTask.ReadyState.values()) {
      assertTrue(header.contains("SOCKET_TASK_" + state + " = " + state.ordinal() + ","), state.toString());
    }
    for (SocketTask.LogLevel level : SocketTask.LogLevel.values()) {
      assertTrue(header.contains("SOCKET_TASK_LOG_" + level + " " + level.ordinal() + "\n"), level.toString());
    }
    for (TrustRoots roots : TrustRoots.values()) {
      assertTrue(header.contains("SOCKET_TASK_TRUST_ROOTS_" + roots + " " + roots.ordinal() + "\n"), roots.toString());
    }
    Matcher status =
        Pattern.compile("\\n    SOCKET_TASK_(INVALID_\\w+|BUFFER_FULL|MESSAGE_TOO_BIG|OK) = (\\d+),").matcher(header);
    int[] known = {
      NativeSocket.OK, NativeSocket.INVALID_HANDLE, NativeSocket.INVALID_STATE, NativeSocket.INVALID_ARGUMENT,
      NativeSocket.INVALID_URL, NativeSocket.INVALID_UTF8, NativeSocket.BUFFER_FULL, NativeSocket.MESSAGE_TOO_BIG
    };
    for (int value : known) {
      assertTrue(status.find());
      assertEquals(value, Integer.parseInt(status.group(2)));
    }
  }
}
