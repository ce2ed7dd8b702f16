import Taro from '@tarojs/taro';

const all = { ...Taro };
export const connect = (option) => all.connectSocket(option);
