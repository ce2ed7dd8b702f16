export default {
  pages: ['pages/chat/index', 'pages/document/index', 'pages/imports/index', 'pages/functions/index'],
  window: {
    navigationBarTitleText: 'socket-task',
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
  },
};
