package com.sockettask;

import com.facebook.react.BaseReactPackage;
import com.facebook.react.bridge.NativeModule;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.module.model.ReactModuleInfoProvider;
import java.util.Collections;

/**
 * What React Native's autolinking looks for in a package for Android: without such a class it leaves the package out, the
 * C++ module too. It has no modules of its own, since {@code NativeSocketTask} is C++ ({@code cpp/}).
 */
public final class SocketTaskPackage extends BaseReactPackage {
  @Override
  public NativeModule getModule(String name, ReactApplicationContext reactContext) {
    return null;
  }

  @Override
  public ReactModuleInfoProvider getReactModuleInfoProvider() {
    return Collections::emptyMap;
  }
}
