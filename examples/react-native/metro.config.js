const path = require('node:path');
const { getDefaultConfig, mergeConfig } = require('@react-native/metro-config');

// npm has made a link to the checkout, whose files Metro has to see too; what they import of React Native is the app's.
const checkout = path.join(__dirname, '..', '..');
const notIn = (folder) => new RegExp(`^${path.join(checkout, folder).replace(/[/\\.+]/g, '\\$&')}[/\\\\].*`);
const config = {
  watchFolders: [checkout],
  resolver: {
    nodeModulesPaths: [path.join(__dirname, 'node_modules')],
    blockList: ['target', 'build', 'node_modules'].map(notIn),
  },
};

module.exports = mergeConfig(getDefaultConfig(__dirname), config);
