package com.sockettask;

import android.content.Context;
import android.net.ConnectivityManager;
import android.net.LinkAddress;
import android.net.LinkProperties;
import android.net.Network;
import android.net.NetworkCapabilities;
import android.net.NetworkRequest;
import android.os.Build;
import android.os.Handler;
import android.os.Looper;
import android.util.Log;
import java.util.HashSet;
import java.util.Set;

/**
 * Says when connections may have lost their way: the network that the app uses by default became another one, went, or
 * has other addresses now. One change comes as several of Android's calls, so it is told when they have been quiet for a
 * moment. What is there at the start is no change.
 *
 * <p>Before Android 7.0 nobody tells which network is the default one; there the last that came counts as it, and the one
 * that is there at the start is a change.
 */
final class NetworkChanges extends ConnectivityManager.NetworkCallback {
  static final int QUIET_MILLISECONDS = 500;

  private final Runnable changed;
  private final Handler handler = new Handler(Looper.getMainLooper());
  /** The default network; null while there is none. Like {@link #addresses} for Android's callback thread alone. */
  private Network network;
  /** Its addresses; null while they are not known. */
  private Set<LinkAddress> addresses;

  private NetworkChanges(Network network, Runnable changed) {
    this.network = network;
    this.changed = changed;
  }

  /** Calls {@code changed} on the main thread, each time. Without permission or service: never. */
  static void follow(Context context, Runnable changed) {
    ConnectivityManager manager = (ConnectivityManager) context.getSystemService(Context.CONNECTIVITY_SERVICE);
    if (manager == null) {
      return;
    }
    try {
      if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.N) {
        manager.registerDefaultNetworkCallback(new NetworkChanges(manager.getActiveNetwork(), changed));
      } else {
        NetworkRequest internet =
            new NetworkRequest.Builder().addCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET).build();
        manager.registerNetworkCallback(internet, new NetworkChanges(null, changed));
      }
    } catch (RuntimeException error) {
      // No permission, or more callbacks in the app than Android allows.
      Log.w(Platform.TAG, "Open connections are not probed when the network changes", error);
    }
  }

  @Override
  public void onAvailable(Network available) {
    if (!available.equals(network)) {
      network = available;
      addresses = null;
      tell();
    }
  }

  @Override
  public void onLost(Network lost) {
    if (lost.equals(network)) {
      network = null;
      addresses = null;
      tell();
    }
  }

  @Override
  public void onLinkPropertiesChanged(Network of, LinkProperties properties) {
    if (!of.equals(network)) {
      return;
    }
    Set<LinkAddress> now = new HashSet<>(properties.getLinkAddresses());
    if (addresses != null && !addresses.equals(now)) {
      tell();
    }
    addresses = now;
  }

  private void tell() {
    handler.removeCallbacks(changed);
    handler.postDelayed(changed, QUIET_MILLISECONDS);
  }
}
