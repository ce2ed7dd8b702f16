/** The module connectSocket of `@tarojs/taro-rn`, on React Native. */
import './native/jsi.js';

export * from './taro/module.js';
export { default } from './taro/module.js';
