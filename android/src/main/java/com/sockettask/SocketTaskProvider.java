package com.sockettask;

import android.content.ContentProvider;
import android.content.ContentValues;
import android.content.Context;
import android.database.Cursor;
import android.net.Uri;

/**
 * Prepares the library when the app's process starts: Android makes content providers before it calls
 * {@code Application.onCreate}. It provides no content.
 */
public final class SocketTaskProvider extends ContentProvider {
  @Override
  public boolean onCreate() {
    Context context = getContext();
    return context != null && Platform.initialize(context);
  }

  @Override
  public Cursor query(Uri uri, String[] projection, String selection, String[] arguments, String order) {
    return null;
  }

  @Override
  public String getType(Uri uri) {
    return null;
  }

  @Override
  public Uri insert(Uri uri, ContentValues values) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int delete(Uri uri, String selection, String[] arguments) {
    return 0;
  }

  @Override
  public int update(Uri uri, ContentValues values, String selection, String[] arguments) {
    return 0;
  }
}
