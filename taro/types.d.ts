// Adds the options of this package to Taro's own types: `import type {} from 'react-native-socket-task/taro/types'` in one file of
// the app.
import type { PrewarmOption, SocketOptions } from '../lib/cjs/index.js';

declare module '@tarojs/taro' {
  namespace connectSocket {
    /** Taro's own members stay as they are. */
    interface Option extends Omit<SocketOptions, 'header' | 'tcpNoDelay'> {
      method?: string;
    }
  }

  interface TaroStatic {
    /** Opens a connection in advance for a later `connectSocket`. On the other platforms of Taro there is none. */
    prewarm?(option: PrewarmOption): void;
  }
}
