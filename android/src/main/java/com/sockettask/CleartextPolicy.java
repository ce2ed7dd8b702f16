package com.sockettask;

import android.os.Build;
import android.security.NetworkSecurityPolicy;

/**
 * The app's rule for connections without TLS: {@code usesCleartextTraffic} and the network security configuration. Android
 * 6.0 has one rule for all hosts, and earlier ones have none.
 */
final class CleartextPolicy {
  private CleartextPolicy() {}

  static boolean permits(String host) {
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.M) {
      return true;
    }
    NetworkSecurityPolicy policy = NetworkSecurityPolicy.getInstance();
    return Build.VERSION.SDK_INT < Build.VERSION_CODES.N
        ? policy.isCleartextTrafficPermitted()
        : policy.isCleartextTrafficPermitted(host);
  }
}
