// For a bundle that another bundler has made: what it imports of react-native.
import * as reactNative from 'react-native';

globalThis.reactNative = reactNative;
