import Taro from '@tarojs/taro';

const key = 'connectSocket';
export const connect = (option) => Taro[key](option);
