import Taro from '@tarojs/taro';

const taro = Taro;
export const connect = (option) => taro.connectSocket(option);
