import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, finish, report, root } from '../jsi/results.mjs';

const here = join(root, 'build', 'examples');
const MINUTES = 60_000;

/** The package's archive, as it is published but for the addons of Node. */
async function pack() {
  const { output } = await execute(process.execPath, ['scripts/release/pack.mjs']);
  const archive = output.split('\n').find((line) => /react-native-socket-task-\d.*\.tgz$/.test(line));
  if (!archive) throw new Error(output);
  return archive;
}

/** The example `name` with its packages and the archive, in build/. */
async function install(name, archive) {
  const project = join(here, 'examples', name);
  mkdirSync(project, { recursive: true });
  const isOwn = (path) => !/\/(node_modules|android|ios|dist|\.expo)$/.test(path);
  cpSync(join(root, 'examples', name), project, { recursive: true, filter: isOwn });
  const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  manifest.dependencies['react-native-socket-task'] = `file:${archive}`;
  // Those of npm are a platform's each, and not in the archive's folder.
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest, null, 2));
  // An archive of the same version is taken for the same otherwise.
  rmSync(join(project, 'node_modules', 'react-native-socket-task'), { recursive: true, force: true });
  rmSync(join(project, 'package-lock.json'), { force: true });
  const npm = ['install', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await execute('npm', npm, { cwd: project, milliseconds: 10 * MINUTES });
  if (code !== 0) return void console.log(`skipped: examples/${name}: its packages cannot be installed: ${output}`);
  return project;
}

const npx = (cwd, args, env = {}) => execute('npx', ['--no-install', ...args], { cwd, env, milliseconds: 8 * MINUTES });

async function reportNpx(name, cwd, args, env) {
  const result = await npx(cwd, args, env);
  report(name, result.code === 0, result.output.split('\n').slice(-40).join('\n'));
  return result.output;
}

/** Whether a file of the folder has `text` in it. */
function isIn(folder, text) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((file) => {
    const path = join(folder, file);
    return file.includes(text) || (statSync(path).isFile() && readFileSync(path, 'utf8').includes(text));
  });
}

async function reactNative(archive) {
  const project = await install('react-native', archive);
  if (!project) return;
  await reportNpx('React Native: the types', project, ['tsc']);
  for (const platform of ['android', 'ios']) {
    const bundle = join(project, `${platform}.js`);
    const args = ['--platform', platform, '--dev', 'false', '--entry-file', 'index.js', '--bundle-output', bundle];
    await reportNpx(`React Native: Metro bundles it for ${platform}`, project, ['react-native', 'bundle', ...args]);
    const code = existsSync(bundle) ? readFileSync(bundle, 'utf8') : '';
    report(
      `React Native, ${platform}: the package is in the bundle once, the Node addon is not`,
      code.split('sendSocketMessage:ok').length === 2 && !code.includes('getBuiltinModule'),
      `${code.length} bytes`,
    );
  }
  const { code, output } = await execute(process.execPath, ['native.mjs'], { cwd: project });
  const left = ['android', 'ios'].filter((folder) => code === 0 && isIn(join(project, folder), 'HelloWorld'));
  report(
    'React Native: android/ and ios/ are made, and named after the app',
    code === 0 && left.length === 0,
    output + left,
  );
  const config = await npx(project, ['react-native', 'config']);
  const { android, ios } = JSON.parse(config.output.slice(config.output.indexOf('{'))).dependencies[
    'react-native-socket-task'
  ].platforms;
  report(
    "React Native's command-line tools link the package on both platforms",
    android?.packageInstance === 'new SocketTaskPackage()' && ios?.podspecPath?.endsWith('SocketTask.podspec'),
    JSON.stringify({ android, ios }),
  );
}

const PLUGIN = 'react-native-socket-task';

/** `expo prebuild` with these options of the plugin; what it has said, and the files that tell what came of it. */
async function prebuild(project, options) {
  const config = JSON.parse(readFileSync(join(root, 'examples', 'expo', 'app.json'), 'utf8'));
  config.expo.plugins = [options === undefined ? PLUGIN : [PLUGIN, options]];
  writeFileSync(join(project, 'app.json'), JSON.stringify(config, null, 2));
  const { code, output } = await npx(project, ['expo', 'prebuild', '--no-install', '--clean'], { CI: '1' });
  if (code !== 0) return { code, output };
  const read = (...path) => (existsSync(join(project, ...path)) ? readFileSync(join(project, ...path), 'utf8') : '');
  const [app] = readdirSync(join(project, 'ios')).filter((name) =>
    existsSync(join(project, 'ios', name, 'Info.plist')),
  );
  return {
    code,
    output,
    manifest: read('android', 'app', 'src', 'main', 'AndroidManifest.xml'),
    security: read('android', 'app', 'src', 'main', 'res', 'xml', 'socket_task_network_security.xml'),
    gradle: read('android', 'gradle.properties'),
    plist: read('ios', app, 'Info.plist'),
  };
}

async function expo(archive) {
  const project = await install('expo', archive);
  if (!project) return;
  cpSync(join(root, 'examples', 'react-native'), join(here, 'examples', 'react-native'), {
    recursive: true,
    filter: (path) => !/\/(node_modules|android|ios)$/.test(path),
  });

  const bare = await prebuild(project, undefined);
  report(
    'Expo: the plugin without options changes nothing',
    bare.code === 0 &&
      !/usesCleartextTraffic|networkSecurityConfig/.test(bare.manifest) &&
      !bare.plist.includes('NSLocalNetworkUsageDescription'),
    bare.output + bare.manifest,
  );
  const all = await prebuild(project, { cleartext: true, localNetwork: 'To & fro <3', minSdkVersion: 26 });
  report('Expo: cleartext to all', all.manifest?.includes('android:usesCleartextTraffic="true"'), all.output);
  report(
    "Expo: iOS's text for the local network",
    all.plist?.includes('<string>To &amp; fro &lt;3</string>'),
    all.plist,
  );
  report('Expo: minSdkVersion', /^android\.minSdkVersion=26$/m.test(all.gradle), all.gradle);
  const hosts = await prebuild(project, { cleartext: ['10.0.2.2', 'printer.local'] });
  report(
    'Expo: cleartext to hosts',
    hosts.manifest?.includes('android:networkSecurityConfig="@xml/socket_task_network_security"') &&
      !hosts.manifest.includes('usesCleartextTraffic') &&
      hosts.security.includes('<domain includeSubdomains="false">printer.local</domain>'),
    `${hosts.output}${hosts.manifest}${hosts.security}`,
  );
  for (const [options, text] of [
    [{ clearText: true }, 'there is no option clearText'],
    [{ cleartext: ['ws://10.0.2.2:8080'] }, 'without scheme and port'],
    [{ localNetwork: true }, 'localNetwork is the text'],
    [{ minSdkVersion: '26' }, 'minSdkVersion is a whole number'],
  ]) {
    const { code, output } = await prebuild(project, options);
    report(`Expo: refused: ${JSON.stringify(options)}`, code !== 0 && output.includes(text), output);
  }
  for (const platform of ['android', 'ios']) {
    const args = ['expo-modules-autolinking', 'react-native-config', '--json', '--platform', platform];
    const { output } = await npx(project, args);
    const linked = JSON.parse(output.slice(output.indexOf('{'))).dependencies['react-native-socket-task'];
    report(
      `Expo's autolinking finds the package: ${platform}`,
      Boolean(linked?.platforms[platform]),
      output.slice(0, 2000),
    );
  }
  cpSync(join(root, 'examples', 'expo', 'app.json'), join(project, 'app.json'));
  for (const platform of ['android', 'ios']) {
    const folder = join(project, 'dist', platform);
    const args = ['expo', 'export', '--platform', platform, '--no-bytecode', '--no-minify', '--output-dir', folder];
    await reportNpx(`Expo: Metro bundles it for ${platform}`, project, args, { CI: '1' });
    report(
      `Expo, ${platform}: the package is in the bundle`,
      existsSync(folder) && isIn(folder, 'sendSocketMessage:ok'),
    );
  }
}

mkdirSync(here, { recursive: true });
const archive = await pack();
const [which = 'all'] = process.argv.slice(2);
if (which !== 'expo') await reactNative(archive);
if (which !== 'react-native') await expo(archive);
finish();
