package android.webkit;

/** There is no WebView, whose cookies they are. */
public class CookieManager {
  public static CookieManager getInstance() {
    throw new IllegalArgumentException("there is no WebView");
  }

  public String getCookie(String url) {
    return null;
  }

  public void setCookie(String url, String value) {}

  public void setCookie(String url, String value, ValueCallback<Boolean> callback) {}

  public void flush() {}
}
