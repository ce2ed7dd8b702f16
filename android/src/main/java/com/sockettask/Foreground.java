package com.sockettask;

import android.app.Activity;
import android.app.Application;
import android.os.Bundle;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Says when the app comes from the background to the foreground, that is when one of its activities starts while none was
 * started, and when it goes back, that is when the last one stops. An activity that is made anew because the screen was turned, say, leaves the app where it is.
 */
final class Foreground implements Application.ActivityLifecycleCallbacks {
  private final Runnable entered;
  private final Runnable left;
  /** Those that were started before there was anybody to count them are not in it. */
  private final Set<Activity> started = Collections.newSetFromMap(new IdentityHashMap<>());
  /** A process starts in the background. */
  private boolean background = true;

  private Foreground(Runnable entered, Runnable left) {
    this.entered = entered;
    this.left = left;
  }

  /** Calls {@code entered} and {@code left} on the main thread, each time. */
  static void follow(Application application, Runnable entered, Runnable left) {
    application.registerActivityLifecycleCallbacks(new Foreground(entered, left));
  }

  @Override
  public void onActivityStarted(Activity activity) {
    started.add(activity);
    if (background) {
      background = false;
      entered.run();
    }
  }

  @Override
  public void onActivityStopped(Activity activity) {
    if (started.remove(activity) && started.isEmpty() && !activity.isChangingConfigurations()) {
      background = true;
      left.run();
    }
  }

  @Override
  public void onActivityCreated(Activity activity, Bundle state) {}

  @Override
  public void onActivityResumed(Activity activity) {}

  @Override
  public void onActivityPaused(Activity activity) {}

  @Override
  public void onActivitySaveInstanceState(Activity activity, Bundle state) {}

  @Override
  public void onActivityDestroyed(Activity activity) {}
}
