/** As `taro-rn.ts`, on Node. */
import './native/node.js';

export * from './taro/module.js';
export { default } from './taro/module.js';
