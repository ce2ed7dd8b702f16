const { getDefaultConfig, mergeConfig } = require('@react-native/metro-config');
const { getMetroConfig } = require('@tarojs/rn-supporter');
const { withSocketTask } = require('react-native-socket-task/metro');

// The one place that names the package. The app's own code does not.
module.exports = (async () => withSocketTask(mergeConfig(getDefaultConfig(__dirname), await getMetroConfig())))();
