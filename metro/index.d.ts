/** What {@link withSocketTask} puts in its place. */
export interface SocketTaskOptions {
  /**
   * Whether `connectSocket` of `@tarojs/taro-rn` is this package's, for every way to import it, and the six global functions
   * of Taro's document are there. Default: true.
   */
  taro?: boolean;
  /**
   * Whether React Native's own WebSocket, which is the global one, is this package's, as `installWebSocket` makes it: from
   * the first line of the app on. Default: false.
   */
  global?: boolean;
}

/**
 * Wraps the finished configuration of Metro (metro.config.js): an object, a promise of one, or a function that gives either.
 * What comes out has the same form. Nothing else of it changes; a `resolver.resolveRequest` that is there is asked first.
 * @throws TypeError for another configuration, and for options that there are not.
 */
export declare function withSocketTask<Config>(config: Config, options?: SocketTaskOptions): Config;
