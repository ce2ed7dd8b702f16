import Taro from '@tarojs/taro';

/** Taro's six functions without a task, as an app calls them. */
export const functions = () => ({
  onSocketOpen: Taro.onSocketOpen,
  onSocketMessage: Taro.onSocketMessage,
  onSocketError: Taro.onSocketError,
  onSocketClose: Taro.onSocketClose,
  sendSocketMessage: Taro.sendSocketMessage,
  closeSocket: Taro.closeSocket,
});
