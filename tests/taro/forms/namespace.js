import * as Taro from '@tarojs/taro';

export const connect = (option) => Taro.connectSocket(option);
