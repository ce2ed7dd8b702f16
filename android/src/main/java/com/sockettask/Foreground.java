package com.sockettask;

import android.app.Activity;
import android.app.Application;
import android.os.Bundle;

/**
 * Says when the app comes from the background to the foreground: when one of its activities starts while none was
 * started. An activity that is made anew because the screen was turned, say, leaves the app where it is.
 */
final class Foreground implements Application.ActivityLifecycleCallbacks {
  private final Runnable entered;
  private int started;
  /** A process starts in the background. */
  private boolean background = true;

  private Foreground(Runnable entered) {
    this.entered = entered;
  }

  /** Calls {@code entered} on the main thread, each time. */
  static void follow(Application application, Runnable entered) {
    application.registerActivityLifecycleCallbacks(new Foreground(entered));
  }

  @Override
  public void onActivityStarted(Activity activity) {
    started++;
    if (background) {
      background = false;
      entered.run();
    }
  }

  @Override
  public void onActivityStopped(Activity activity) {
    // One that was started before there was anybody to count it was not counted.
    started = Math.max(0, started - 1);
    if (started == 0 && !activity.isChangingConfigurations()) {
      background = true;
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
