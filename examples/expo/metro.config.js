const path = require('node:path');
const { getDefaultConfig } = require('expo/metro-config');

// The screen is beside this folder, and npm has made a link to the checkout; what they import is this app's.
const checkout = path.join(__dirname, '..', '..');
const notIn = (folder) => new RegExp(`^${path.join(checkout, folder).replace(/[/\\.+]/g, '\\$&')}[/\\\\].*`);
const config = getDefaultConfig(__dirname);
config.watchFolders = [checkout];
config.resolver.nodeModulesPaths = [path.join(__dirname, 'node_modules')];
config.resolver.blockList = ['target', 'build', 'node_modules'].map(notIn);

module.exports = config;
