import Taro from '@tarojs/taro';

export const connect = (option) => {
  const { connectSocket } = Taro;
  return connectSocket(option);
};
