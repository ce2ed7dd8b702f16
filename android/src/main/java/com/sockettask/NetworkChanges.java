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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says when there is no network, and when connections may have lost their way, and there is one again: the network that the app uses by default became
 * another one, came back, or has other addresses now. One change comes as several of Android's calls, so it is told when
 * they have been quiet for a moment, unless there is no network then. What is there at the start is no change.
 *
 * <p>Before Android 7.0 nobody tells which network is the default one; there the last that came counts as it, of those that
 * have not gone, and the one that is there at the start is a change.
 */
final class NetworkChanges extends ConnectivityManager.NetworkCallback {
  static final int QUIET_MILLISECONDS = 500;

  private final Runnable lost;
  private final Runnable changed;
  /** Whether there is but one network at a time: the default one. */
  private final boolean followsDefault;
  /** Those that have come and not gone, the last one last. */
  private final List<Network> present = new ArrayList<>();
  private final Handler handler = new Handler(Looper.getMainLooper());
  /** The default network; null while there is none. Like {@link #addresses} for Android's callback thread alone. */
  private Network network;
  /** Its addresses; null while they are not known. */
  private Set<LinkAddress> addresses;

  private NetworkChanges(boolean followsDefault, Network network, Runnable lost, Runnable changed) {
    this.followsDefault = followsDefault;
    this.network = network;
    this.lost = lost;
    this.changed = changed;
  }

  /**
   * Calls {@code changed} on the main thread, each time, and {@code lost} as soon as there is no network, at the start too. Without
   * permission or service: never.
   */
  static void follow(Context context, Runnable lost, Runnable changed) {
    ConnectivityManager manager = (ConnectivityManager) context.getSystemService(Context.CONNECTIVITY_SERVICE);
    if (manager == null) {
      return;
    }
    try {
      if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.N) {
        Network active = manager.getActiveNetwork();
        manager.registerDefaultNetworkCallback(new NetworkChanges(true, active, lost, changed));
        if (active == null) {
          // One that there is all the same, but not for this app now, is told by onAvailable.
          lost.run();
        }
      } else {
        NetworkRequest internet =
            new NetworkRequest.Builder().addCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET).build();
        manager.registerNetworkCallback(internet, new NetworkChanges(false, null, lost, changed));
      }
    } catch (RuntimeException error) {
      // No permission, or more callbacks in the app than Android allows.
      Log.w(Platform.TAG, "Open connections are not probed when the network changes", error);
    }
  }

  @Override
  public void onAvailable(Network available) {
    if (followsDefault) {
      present.clear();
    }
    present.remove(available);
    present.add(available);
    if (!available.equals(network)) {
      network = available;
      addresses = null;
      tell();
    }
  }

  @Override
  public void onLost(Network gone) {
    present.remove(gone);
    if (!gone.equals(network)) {
      return;
    }
    network = present.isEmpty() ? null : present.get(present.size() - 1);
    addresses = null;
    if (network == null) {
      // Nobody could answer.
      handler.removeCallbacks(changed);
      lost.run();
    } else {
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
