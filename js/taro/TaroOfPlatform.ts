import { connectSocketOfPlatform } from './connectSocket.js';
import Taro from './Taro.js';

/** {@link Taro} with the `connectSocket` of an app whose code knows nothing of this package. */
const TaroOfPlatform: typeof Taro = { ...Taro, connectSocket: connectSocketOfPlatform };

export default TaroOfPlatform;
