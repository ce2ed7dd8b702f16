// Expo's config plugin: what an app may have to say in its native projects. See docs/expo.md.
const fs = require('node:fs');
const path = require('node:path');
const { version } = require('./package.json');

const NAME = 'react-native-socket-task';
const XML = 'socket_task_network_security';
const OPTIONS = ['cleartext', 'localNetwork', 'minSdkVersion'];

function fault(text) {
  return new Error(`${NAME}, config plugin: ${text}`);
}

function check(options) {
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) throw fault(`there is no option ${name}: it has ${OPTIONS.join(', ')}`);
  }
  const { cleartext, localNetwork, minSdkVersion } = options;
  const isHosts = Array.isArray(cleartext) && cleartext.length > 0 && cleartext.every(isHost);
  if (cleartext !== undefined && typeof cleartext !== 'boolean' && !isHosts)
    throw fault('cleartext is true, or an array of host names or addresses, without scheme and port');
  if (localNetwork !== undefined && (typeof localNetwork !== 'string' || !localNetwork.trim()))
    throw fault('localNetwork is the text with which iOS asks for the permission');
  if (minSdkVersion !== undefined && !(Number.isInteger(minSdkVersion) && minSdkVersion >= 21))
    throw fault('minSdkVersion is a whole number, 21 or more');
}

function isHost(host) {
  return typeof host === 'string' && /^[\w.-]+$/.test(host);
}

/** The app's network security configuration, which permits `ws:` to these hosts. */
function securityConfig(hosts) {
  const domains = hosts.map((host) => `    <domain includeSubdomains="false">${host}</domain>`);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<!-- By ${NAME}: app.json says which hosts. -->`,
    '<network-security-config>',
    '  <domain-config cleartextTrafficPermitted="true">',
    ...domains,
    '  </domain-config>',
    '</network-security-config>',
    '',
  ].join('\n');
}

function withSocketTask(config, options = {}) {
  // Of the app: this package does not depend on Expo.
  const plugins = require('expo/config-plugins');
  const { AndroidConfig, withAndroidManifest, withDangerousMod, withGradleProperties, withInfoPlist } = plugins;
  check(options);
  const { cleartext, localNetwork, minSdkVersion } = options;

  if (cleartext === true || Array.isArray(cleartext)) {
    config = withAndroidManifest(config, (config) => {
      const { $: attributes } = AndroidConfig.Manifest.getMainApplicationOrThrow(config.modResults);
      if (cleartext === true) {
        attributes['android:usesCleartextTraffic'] = 'true';
        return config;
      }
      const given = attributes['android:networkSecurityConfig'];
      if (given && given !== `@xml/${XML}`)
        throw fault(`the app has a network security configuration already (${given}): name the hosts there`);
      attributes['android:networkSecurityConfig'] = `@xml/${XML}`;
      return config;
    });
  }
  if (Array.isArray(cleartext)) {
    config = withDangerousMod(config, [
      'android',
      (config) => {
        const folder = path.join(config.modRequest.platformProjectRoot, 'app', 'src', 'main', 'res', 'xml');
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(path.join(folder, `${XML}.xml`), securityConfig(cleartext));
        return config;
      },
    ]);
  }
  if (minSdkVersion !== undefined) {
    config = withGradleProperties(config, (config) => {
      const key = 'android.minSdkVersion';
      config.modResults = config.modResults.filter((item) => item.key !== key);
      config.modResults.push({ type: 'property', key, value: String(minSdkVersion) });
      return config;
    });
  }
  if (localNetwork !== undefined) {
    config = withInfoPlist(config, (config) => {
      config.modResults.NSLocalNetworkUsageDescription = localNetwork;
      return config;
    });
  }
  return config;
}

module.exports = (config, options) =>
  require('expo/config-plugins').createRunOncePlugin(withSocketTask, NAME, version)(config, options);
