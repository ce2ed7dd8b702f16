package com.sockettask;

import android.util.Log;
import android.webkit.CookieManager;

/** The cookies of the app's WebViews, which React Native's own networking uses too. */
final class SystemCookies {
  private SystemCookies() {}

  /** See {@link Platform#cookiesFor}. */
  static String find(String url) {
    CookieManager manager = manager();
    return manager == null ? null : manager.getCookie(url);
  }

  /** See {@link Platform#setCookie}. */
  static void keep(String url, String cookie) {
    CookieManager manager = manager();
    if (manager != null) {
      // Without the callback any thread may do it.
      manager.setCookie(url, cookie, null);
    }
  }

  /** null where there is no WebView: the app may not have one, or the system be replacing it right now. */
  private static CookieManager manager() {
    try {
      return CookieManager.getInstance();
    } catch (RuntimeException | UnsatisfiedLinkError error) {
      // Its class alone: what it says may be anything.
      Log.w(Platform.TAG, "There is no WebView, and so no cookies: " + error.getClass().getName());
      return null;
    }
  }
}
