package com.sockettask;

import android.security.NetworkSecurityPolicy;

/** The app's rule for connections without TLS: {@code usesCleartextTraffic} and the network security configuration. */
final class CleartextPolicy {
  private CleartextPolicy() {}

  static boolean permits(String host) {
    return NetworkSecurityPolicy.getInstance().isCleartextTrafficPermitted(host);
  }
}
