/**
 * What stands in the place of the module connectSocket of `@tarojs/taro-rn`: its names, since that package makes all of
 * them members of `Taro`, and `prewarm`, which nothing else could make for its sockets.
 */
export { connectSocketOfPlatform as connectSocket } from './connectSocket.js';
export { prewarmOfPlatform as prewarm } from '../channel/prewarm.js';
export * from './globalSocket.js';
export { default } from './TaroOfPlatform.js';
