package com.sockettask;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** The proxy that Android's settings, or a configuration script that they name, give for a URL. */
final class SystemProxy {
  private SystemProxy() {}

  /** See {@link Platform#proxyFor}. */
  static String find(String url) {
    ProxySelector selector = ProxySelector.getDefault();
    URI asked = selector == null ? null : askedFor(url);
    List<Proxy> proxies = asked == null ? null : selector.select(asked);
    return proxies == null || proxies.isEmpty() ? null : written(proxies.get(0));
  }

  /**
   * The URL that is asked about: http or https, since selectors know nothing of WebSockets, and of path and query nothing,
   * since neither is a proxy's business.
   */
  private static URI askedFor(String url) {
    int colon = url.indexOf("://");
    if (colon < 0) {
      return null;
    }
    String scheme = url.substring(0, colon);
    boolean secure = scheme.equalsIgnoreCase("wss") || scheme.equalsIgnoreCase("https");
    int start = colon + 3;
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    String authority = url.substring(start, end);
    authority = authority.substring(authority.lastIndexOf('@') + 1);
    try {
      return new URI(secure ? "https" : "http", authority, "/", null, null);
    } catch (URISyntaxException error) {
      return null;
    }
  }

  private static String written(Proxy proxy) {
    SocketAddress address = proxy.address();
    if (!(address instanceof InetSocketAddress)) {
      return null;
    }
    String host = ((InetSocketAddress) address).getHostString();
    if (host.indexOf(':') >= 0) {
      host = "[" + host + "]";
    }
    String scheme = proxy.type() == Proxy.Type.SOCKS ? "socks5" : "http";
    return scheme + "://" + host + ":" + ((InetSocketAddress) address).getPort();
  }
}
