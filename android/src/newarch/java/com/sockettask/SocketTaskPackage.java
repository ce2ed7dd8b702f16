package com.sockettask;

import com.facebook.react.BaseReactPackage;
import com.facebook.react.ReactPackage;
import com.facebook.react.bridge.NativeModule;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.module.model.ReactModuleInfoProvider;
import java.util.Collections;

/**
 * By this React Native's autolinking knows a package for Android; without it the C++ module would be left out too. It
 * has no modules of its own, since {@code NativeSocketTask} is C++ ({@code cpp/}).
 *
 * <p>The interface is named a second time for the command-line tools of React Native 0.76, which find no other.
 */
public final class SocketTaskPackage extends BaseReactPackage implements ReactPackage {
  @Override
  public NativeModule getModule(String name, ReactApplicationContext reactContext) {
    return null;
  }

  @Override
  public ReactModuleInfoProvider getReactModuleInfoProvider() {
    return Collections::emptyMap;
  }
}
