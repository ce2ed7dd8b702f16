package com.sockettask;

import java.io.ByteArrayOutputStream;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How to make a connection. Options that are not set have the defaults named here. What the library does not accept is found
 * by {@link #connect}. A builder can be used for several connections; it is not thread-safe.
 */
public final class SocketTaskBuilder {
  /** Which certificate authorities are trusted on {@code wss:}. */
  public enum TrustRoots {
    /** The platform's, by the platform's own rules, the app's network security configuration included. The default. */
    SYSTEM,
    /** Mozilla's, as they were when the library was built. */
    BUNDLED,
    /** None but those of {@link #addCaCertificates}. */
    NONE
  }

  /** A version of TLS. */
  public enum TlsVersion {
    /** TLS 1.2 (RFC 5246). */
    TLS_1_2(12),
    /** TLS 1.3 (RFC 8446). */
    TLS_1_3(13);

    private final int value;

    TlsVersion(int value) {
      this.value = value;
    }
  }

  /** Is asked for the proxy to go through, once for each connection. On a thread that may block. */
  public interface ProxyResolver {
    /**
     * Finds the proxy.
     *
     * @param url where to connect, without user and password
     * @return as for {@link #proxy}; null or empty to go directly, as after an exception
     */
    String proxyFor(String url);
  }

  /** Keeps cookies. On a thread that may block. */
  public interface CookieJar {
    /**
     * Finds the cookies for a request.
     *
     * @param url of the request, without user and password
     * @return the value of the {@code Cookie} field; null or empty for none, as after an exception
     */
    String cookiesFor(String url);

    /**
     * A response sets a cookie.
     *
     * @param url of the request, without user and password
     * @param cookie the value of one {@code Set-Cookie} field
     */
    void setCookie(String url, String cookie);
  }

  /** Sets an option of a new connection, and returns a status of {@link NativeSocket}. */
  private interface Setting {
    int apply(long handle);
  }

  private final String url;
  private final List<Setting> settings = new ArrayList<>();
  private boolean hasHooks;

  SocketTaskBuilder(String url) {
    this.url = Objects.requireNonNull(url, "url");
  }

  /**
   * Starts to connect, and returns at once. The listener is told what comes of it.
   *
   * <p>The URL begins with {@code ws:} or {@code wss:}. A fragment is refused, as are control characters. A host that is not ASCII is
   * converted by Android, and refused elsewhere (write it in Punycode). Other characters of path and query are sent percent-encoded where they must be. User and
   * password in it become the {@code Authorization} header.
   *
   * @param listener is kept until the connection is closed or released
   * @return the connection
   * @throws IllegalArgumentException for an URL or an option that is not acceptable; its message tells which
   * @throws IllegalStateException when the system has no thread or memory left for the library
   */
  public SocketTask connect(SocketTaskListener listener) {
    Objects.requireNonNull(listener, "listener");
    long handle = create();
    SocketTask task = new SocketTask(url, handle);
    Delivery delivery = new Delivery(listener, task);
    boolean connected = false;
    try {
      check(NativeSocket.connect(handle, delivery));
      connected = true;
      return task;
    } finally {
      if (!connected) {
        delivery.refuse();
        task.release();
      }
    }
  }

  /**
   * Opens a connection in advance: the next {@link #connect} with equal options, of this builder or another, adopts it, if it is
   * still alive or on its way then; if not, that connects as usual. While one with equal options waits, nothing is done.
   *
   * @param lifetimeMilliseconds the connection is closed with code 1001 when it was not adopted within this time, or when 16
   *     newer ones wait; 0 stands for 30 000
   * @throws IllegalArgumentException as for {@link #connect}, and for options with a {@link #proxyResolver}, {@link #cookieJar} or
   *     {@link #clientKey}, which are equal to no others
   * @throws IllegalStateException as for {@link #connect}
   */
  public void prewarm(int lifetimeMilliseconds) {
    notNegative(lifetimeMilliseconds, "lifetimeMilliseconds");
    if (hasHooks) {
      throw new IllegalArgumentException("with a proxy resolver, cookie jar or client key there is nothing to prewarm");
    }
    long handle = create();
    try {
      check(NativeSocket.prewarm(handle, lifetimeMilliseconds));
    } finally {
      NativeSocket.release(handle);
    }
  }

  // ---- The opening handshake ----

  /**
   * Adds a header field to the opening handshake. Fields are sent in the order, the spelling and the number in which they were
   * added. {@code Host}, {@code Connection}, {@code Upgrade} and {@code Sec-WebSocket-…} are the library's own; fields
   * of framing ({@code Content-Length}, …) have no place there.
   *
   * @param name a token (RFC 9110, section 5.6.2)
   * @param value without control characters; an empty {@code User-Agent} sends none
   * @return this
   */
  public SocketTaskBuilder addHeader(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    return set(handle -> NativeSocket.addHeader(handle, name, value));
  }

  /**
   * Offers a sub-protocol, the most wanted first. The server picks one or none.
   *
   * @param protocol a token (RFC 6455, section 4.1) that was not offered yet
   * @return this
   */
  public SocketTaskBuilder addProtocol(String protocol) {
    Objects.requireNonNull(protocol, "protocol");
    return set(handle -> NativeSocket.addProtocol(handle, protocol));
  }

  /**
   * Offers permessage-deflate (RFC 7692). Not offered by default. Whether the server agreed is told by {@link
   * SocketTaskOpen#getExtensions}.
   *
   * @param options copied
   * @return this
   */
  public SocketTaskBuilder perMessageDeflate(SocketTaskDeflateOptions options) {
    SocketTaskDeflateOptions copy = new SocketTaskDeflateOptions(options);
    return set(
        handle ->
            NativeSocket.setPerMessageDeflate(
                handle,
                copy.clientNoContextTakeover,
                copy.serverNoContextTakeover,
                copy.clientMaxWindowBits,
                copy.serverMaxWindowBits,
                copy.level,
                copy.threshold));
  }

  /**
   * Sets how many HTTP redirects to follow: none by default. They never lead from {@code wss:} to {@code ws:}. When the origin
   * changes, {@code Authorization}, {@code Cookie} and {@code Proxy-Authorization}, the URL's user and password, and the client's
   * certificate stay behind.
   *
   * @param limit 0 to 20
   * @return this
   * @throws IllegalArgumentException for a negative number; for a larger one in {@link #connect}
   */
  public SocketTaskBuilder followRedirects(int limit) {
    notNegative(limit, "followRedirects");
    return set(handle -> NativeSocket.setFollowRedirects(handle, limit));
  }

  /**
   * Sets who keeps cookies. It is not asked when a {@code Cookie} header was added.
   *
   * @param jar kept as long as the connection is made
   * @return this
   */
  public SocketTaskBuilder cookieJar(CookieJar jar) {
    Objects.requireNonNull(jar, "jar");
    hasHooks = true;
    return set(handle -> NativeSocket.setCookieHook(handle, jar));
  }

  /**
   * Sends the cookies that the system's {@code CookieManager} has for the URL, and keeps there what the server sets: the
   * cookies of the app's WebViews, which React Native's networking shares. It is not asked when a {@code Cookie} header was
   * added. Off Android there are none.
   *
   * @return this
   */
  public SocketTaskBuilder cookiesFromSystem() {
    return set(NativeSocket::setCookiesFromSystem);
  }

  // ---- Times and limits ----

  /**
   * Sets the whole time to open, until the end of the opening handshake. 60 000 by default.
   *
   * @param milliseconds more than 0
   * @return this
   * @throws IllegalArgumentException for a negative number; for 0 in {@link #connect}
   */
  public SocketTaskBuilder timeout(int milliseconds) {
    notNegative(milliseconds, "timeout");
    return set(handle -> NativeSocket.setTimeout(handle, milliseconds));
  }

  /**
   * Sets how long the closing handshake may stand still before the connection is dropped: 2 000 by default.
   *
   * @param milliseconds 0 or more
   * @return this
   * @throws IllegalArgumentException for a negative number
   */
  public SocketTaskBuilder closeTimeout(int milliseconds) {
    notNegative(milliseconds, "closeTimeout");
    return set(handle -> NativeSocket.setCloseTimeout(handle, milliseconds));
  }

  /**
   * Pings the peer after this much silence from it. The connection is given up (phase {@link SocketTaskError.Phase#TIMEOUT}, close
   * code 1006) when nothing comes within {@link #pongTimeout}.
   *
   * @param milliseconds 0, the default, sends no pings
   * @return this
   * @throws IllegalArgumentException for a negative number
   */
  public SocketTaskBuilder pingInterval(int milliseconds) {
    notNegative(milliseconds, "pingInterval");
    return set(handle -> NativeSocket.setPingInterval(handle, milliseconds));
  }

  /**
   * Sets how long the peer has to answer such a ping: 10 000 by default.
   *
   * @param milliseconds more than 0
   * @return this
   * @throws IllegalArgumentException for a negative number; for 0 in {@link #connect}
   */
  public SocketTaskBuilder pongTimeout(int milliseconds) {
    notNegative(milliseconds, "pongTimeout");
    return set(handle -> NativeSocket.setPongTimeout(handle, milliseconds));
  }

  /**
   * Sets the largest message to accept: 64 MiB by default. A larger one fails the connection with close code 1009.
   *
   * @param bytes more than 0, after decompression
   * @return this
   * @throws IllegalArgumentException for a negative number; for 0 in {@link #connect}
   */
  public SocketTaskBuilder maxMessageSize(int bytes) {
    notNegative(bytes, "maxMessageSize");
    return set(handle -> NativeSocket.setMaxMessageSize(handle, bytes));
  }

  /**
   * Sets how many bytes may wait to be sent: 64 MiB by default. A message that would take the queue past it gets {@link
   * SocketTask.SendResult#BUFFER_FULL}, one that is larger {@link SocketTask.SendResult#MESSAGE_TOO_BIG}.
   *
   * @param bytes more than 0
   * @return this
   * @throws IllegalArgumentException for a negative number; for 0 in {@link #connect}
   */
  public SocketTaskBuilder maxBufferedAmount(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("maxBufferedAmount must not be negative");
    }
    return set(handle -> NativeSocket.setMaxBufferedAmount(handle, bytes));
  }

  /**
   * Lets a connection that was lost or could not be made be followed by another one, on the same {@link SocketTask}. Not by default.
   *
   * <p>Each loss that is followed is told by {@link SocketTaskListener#onReconnecting}, in the place of {@code onError} and {@code
   * onClose}; {@code onOpen} is called at each opening. The end comes, as without this, by {@code onError} if it failed, and {@code
   * onClose}: after {@link SocketTask#close()}, a close code of {@link SocketTaskReconnectOptions#stopCodes}, HTTP 404, a certificate
   * that is not acceptable, HTTP 401 and 403 unless {@link SocketTaskReconnectOptions#refresh} gives something new (then once more), or
   * {@link SocketTaskReconnectOptions#maxAttempts}. A server's {@code Retry-After} is the least delay. Between connections the state is
   * {@link SocketTask.ReadyState#CONNECTING}. {@link #timeout} is for each attempt, {@link #prewarm} for the first.
   *
   * <p>On Android no attempt is made while there is no network or none of the app's activities is started; when that changes, the next
   * is made at once. The first is the app's own and always made.
   *
   * @param options copied
   * @return this
   */
  public SocketTaskBuilder reconnect(SocketTaskReconnectOptions options) {
    SocketTaskReconnectOptions copy = new SocketTaskReconnectOptions(options);
    return set(copy::apply);
  }

  // ---- TLS ----

  /**
   * Sets which certificate authorities are trusted on {@code wss:}.
   *
   * @param roots {@link TrustRoots#SYSTEM} by default
   * @return this
   */
  public SocketTaskBuilder trustRoots(TrustRoots roots) {
    int value = roots.ordinal();
    return set(handle -> NativeSocket.setTrustRoots(handle, value));
  }

  /**
   * Trusts more certificate authorities on {@code wss:}.
   *
   * @param certificates one or more in PEM, or one in DER; copied
   * @return this
   */
  public SocketTaskBuilder addCaCertificates(byte[] certificates) {
    byte[] copy = certificates.clone();
    return set(handle -> NativeSocket.addCaCertificates(handle, copy));
  }

  /**
   * Adds a pin. If there are any, a certificate of the verified chain must have one of these public keys.
   *
   * @param pin the SHA-256 digest of a SubjectPublicKeyInfo: {@code sha256/} and 44 characters of Base64, or 64 hexadecimal digits
   * @return this
   */
  public SocketTaskBuilder addPin(String pin) {
    Objects.requireNonNull(pin, "pin");
    return set(handle -> NativeSocket.addPin(handle, pin));
  }

  /**
   * Accepts one certificate of a server as it is, whoever issued it, for whatever host and time. For self-signed certificates;
   * there is no way to accept all of them.
   *
   * @param fingerprint the SHA-256 digest of the certificate, as for {@link #addPin}, colons allowed
   * @return this
   */
  public SocketTaskBuilder addAcceptedCertificate(String fingerprint) {
    Objects.requireNonNull(fingerprint, "fingerprint");
    return set(handle -> NativeSocket.addAcceptedCertificate(handle, fingerprint));
  }

  /**
   * Sets the client's own certificate, for servers that ask for one.
   *
   * @param certificate with those of its issuers (PEM, the own one first, or one in DER); copied
   * @param key PEM or DER; PKCS #8, SEC 1 or PKCS #1; not encrypted; copied
   * @return this
   */
  public SocketTaskBuilder clientCertificate(byte[] certificate, byte[] key) {
    byte[] certificateCopy = certificate.clone();
    byte[] keyCopy = key.clone();
    return set(handle -> NativeSocket.setClientCertificate(handle, certificateCopy, keyCopy));
  }

  /**
   * Sets the client's own certificate, with a key that need not be one that can be copied: from Android's {@code KeyChain} or
   * {@code AndroidKeyStore}, or from a {@code java.security.KeyStore}, which also reads PKCS #12. It signs in each TLS handshake with
   * a server that asks for the certificate, on a thread that may block; sessions are not resumed. An exception that it throws goes to
   * {@link SocketTask#setExceptionHandler}, and the handshake fails. TLS 1.3 wants RSA keys to sign with PSS.
   *
   * @param chain the own certificate first, then those of its issuers
   * @param key RSA, EC with P-256, P-384 or P-521, or Ed25519
   * @return this
   * @throws IllegalArgumentException if a certificate cannot be encoded
   */
  public SocketTaskBuilder clientKey(X509Certificate[] chain, PrivateKey key) {
    ByteArrayOutputStream certificates = new ByteArrayOutputStream();
    try {
      for (X509Certificate certificate : chain) {
        byte[] encoded = certificate.getEncoded();
        certificates.write(encoded, 0, encoded.length);
      }
    } catch (CertificateEncodingException failed) {
      throw new IllegalArgumentException("a certificate cannot be encoded", failed);
    }
    byte[] encoded = certificates.toByteArray();
    ClientKey client = new ClientKey(Objects.requireNonNull(key, "key"));
    hasHooks = true;
    return set(handle -> NativeSocket.setClientSigner(handle, encoded, client));
  }

  /**
   * Sets the name to ask the server for and to find in its certificate, instead of the URL's host.
   *
   * @param name a host name or an IP address
   * @return this
   */
  public SocketTaskBuilder serverName(String name) {
    Objects.requireNonNull(name, "name");
    return set(handle -> NativeSocket.setServerName(handle, name));
  }

  /**
   * Sets the lowest version of TLS to accept.
   *
   * @param version {@link TlsVersion#TLS_1_2} by default
   * @return this
   */
  public SocketTaskBuilder minTlsVersion(TlsVersion version) {
    int value = version.value;
    return set(handle -> NativeSocket.setMinTlsVersion(handle, value));
  }

  // ---- The way to the server ----

  /**
   * Goes through a proxy, which resolves the server's name. By default the connection goes directly.
   *
   * @param proxy {@code http://}, {@code https://} or {@code socks5://}, with user and password before the host if it wants them;
   *     empty to go directly
   * @return this
   */
  public SocketTaskBuilder proxy(String proxy) {
    Objects.requireNonNull(proxy, "proxy");
    return set(handle -> NativeSocket.setProxy(handle, proxy));
  }

  /**
   * Adds a header field for the proxy, if the connection goes through an HTTP one: it is in the {@code CONNECT} request, and the
   * server never sees it. A {@code User-Agent} or {@code Proxy-Authorization} takes the place of the library's own.
   *
   * @param name a token (RFC 9110, section 5.6.2), not {@code Host}, {@code Upgrade} or a field of framing
   * @param value without control characters; an empty {@code User-Agent} sends none
   * @return this
   */
  public SocketTaskBuilder addProxyHeader(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    return set(handle -> NativeSocket.addProxyHeader(handle, name, value));
  }

  /**
   * Goes through the proxy that the system's settings name for the URL, if they do.
   *
   * @return this
   */
  public SocketTaskBuilder proxyFromSystem() {
    return set(NativeSocket::setProxyFromSystem);
  }

  /**
   * Goes through the proxy that the environment names: {@code https_proxy} for {@code wss:}, {@code http_proxy} for {@code ws:},
   * then {@code all_proxy}; not for the hosts in {@code no_proxy}.
   *
   * @return this
   */
  public SocketTaskBuilder proxyFromEnvironment() {
    return set(NativeSocket::setProxyFromEnvironment);
  }

  /**
   * Asks the app for the proxy to go through.
   *
   * @param resolver kept as long as the connection is made
   * @return this
   */
  public SocketTaskBuilder proxyResolver(ProxyResolver resolver) {
    Objects.requireNonNull(resolver, "resolver");
    hasHooks = true;
    return set(handle -> NativeSocket.setProxyHook(handle, resolver));
  }

  /**
   * Adds an IP address for a host name, which the resolver is then not asked for. Several are tried in the order in which they
   * were added.
   *
   * @param host the name
   * @param address an IP address
   * @return this
   */
  public SocketTaskBuilder addAddress(String host, String address) {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(address, "address");
    return set(handle -> NativeSocket.addAddress(handle, host, address));
  }

  /**
   * Sets whether small messages leave at once ({@code TCP_NODELAY}) instead of waiting for more.
   *
   * @param noDelay true by default
   * @return this
   */
  public SocketTaskBuilder tcpNoDelay(boolean noDelay) {
    return set(handle -> NativeSocket.setTcpNoDelay(handle, noDelay));
  }

  /**
   * Lets the operating system probe a silent connection ({@code SO_KEEPALIVE}) after this much time. {@link #pingInterval} notices
   * a dead peer sooner and through proxies.
   *
   * @param milliseconds 1 to 32 767 000, rounded up to whole seconds; 0, the default, does not
   * @return this
   * @throws IllegalArgumentException for a negative number; for a larger one in {@link #connect}
   */
  public SocketTaskBuilder tcpKeepalive(int milliseconds) {
    notNegative(milliseconds, "tcpKeepalive");
    return set(handle -> NativeSocket.setTcpKeepalive(handle, milliseconds));
  }

  static int notNegative(int number, String what) {
    if (number < 0) {
      throw new IllegalArgumentException(what + " must not be negative, as " + number + " is");
    }
    return number;
  }

  private SocketTaskBuilder set(Setting setting) {
    settings.add(setting);
    return this;
  }

  /** A new connection with the options set. */
  long create() {
    long handle = NativeSocket.create(url);
    if (handle == 0) {
      throw new IllegalArgumentException(NativeSocket.lastError());
    }
    boolean complete = false;
    try {
      for (Setting setting : settings) {
        check(setting.apply(handle));
      }
      complete = true;
      return handle;
    } finally {
      if (!complete) {
        NativeSocket.release(handle);
      }
    }
  }

  private static void check(int status) {
    if (status != NativeSocket.OK) {
      throw NativeSocket.failure(status);
    }
  }
}
