module.exports = {
  projectName: 'socket-task-taro-example',
  date: '2026-11-27',
  designWidth: 750,
  deviceRatio: { 640: 2.34 / 2, 750: 1, 828: 1.81 / 2 },
  sourceRoot: 'src',
  outputRoot: 'dist',
  plugins: ['@tarojs/plugin-framework-react'],
  framework: 'react',
  compiler: 'webpack5',
  rn: {
    // The name by which the native shell starts the app.
    appName: 'taroDemo',
    output: {
      android: 'dist/android/index.android.bundle',
      androidAssetsDest: 'dist/android',
      ios: 'dist/ios/main.jsbundle',
      iosAssetsDest: 'dist/ios',
    },
  },
};
