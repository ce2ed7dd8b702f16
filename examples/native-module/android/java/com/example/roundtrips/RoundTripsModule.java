package com.example.roundtrips;

import com.facebook.react.bridge.Arguments;
import com.facebook.react.bridge.Promise;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.bridge.ReactContextBaseJavaModule;
import com.facebook.react.bridge.ReactMethod;

/** {@code NativeRoundTrips} for React Native's old architecture: the same C++, called by way of the bridge. */
public final class RoundTripsModule extends ReactContextBaseJavaModule {
  static {
    System.loadLibrary("round_trips");
  }

  /** What C++ has of this instance; 0 after its end. With the lock of this object held. */
  private long roundTrips = create();

  public RoundTripsModule(ReactApplicationContext context) {
    super(context);
  }

  @Override
  public String getName() {
    return "NativeRoundTrips";
  }

  @ReactMethod
  public synchronized void measure(String url, double count, Promise promise) {
    if (roundTrips == 0) {
      return; // Nobody waits any more.
    }
    String refused = measure(roundTrips, url, (int) count, new Outcome(promise));
    if (refused != null) {
      promise.reject("refused", refused);
    }
  }

  /** At a reload too. */
  @Override
  public synchronized void invalidate() {
    end(roundTrips);
    roundTrips = 0;
  }

  /** Is told, on the library's thread, how a measurement ended. */
  private static final class Outcome {
    private final Promise promise;

    Outcome(Promise promise) {
      this.promise = promise;
    }

    /** Called by C++. */
    void done(double[] milliseconds, String failure) {
      if (failure != null) {
        promise.reject("failed", failure);
      } else {
        promise.resolve(Arguments.fromArray(milliseconds));
      }
    }
  }

  private static native long create();

  /** @return null, or why it was refused */
  private static native String measure(long roundTrips, String url, int count, Outcome outcome);

  private static native void end(long roundTrips);
}
