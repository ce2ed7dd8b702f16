/**
 * What stands in the place of the module connectSocket of `@tarojs/taro-rn`: its names and no others, since that package
 * makes all of them members of `Taro`.
 */
export { connectSocketOfPlatform as connectSocket } from './connectSocket.js';
export * from './globalSocket.js';
export { default } from './TaroOfPlatform.js';
