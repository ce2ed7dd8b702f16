import { prewarmOfPlatform } from '../channel/prewarm.js';
import { connectSocketOfPlatform } from './connectSocket.js';
import Taro from './Taro.js';

/** {@link Taro} with the `connectSocket` of an app whose code knows nothing of this package, and what warms up for it. */
const TaroOfPlatform = { ...Taro, connectSocket: connectSocketOfPlatform, prewarm: prewarmOfPlatform };

export default TaroOfPlatform;
