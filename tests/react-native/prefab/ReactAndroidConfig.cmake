add_library(ReactAndroid::jsi ALIAS jsi)
add_library(ReactAndroid::react_nativemodule_core ALIAS reactnative)
imported(turbomodulejsijni react turbomodulejsijni)
add_library(ReactAndroid::turbomodulejsijni ALIAS turbomodulejsijni)
