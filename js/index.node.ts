// The environment first: the modules of the API ask for it.
import './native/node.js';

export * from './api.js';
export { default } from './taro/Taro.js';
