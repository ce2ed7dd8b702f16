import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, finish, report, root } from '../jsi/results.mjs';

const require = createRequire(join(root, 'package.json'));
const { WebSocketServer } = require('ws');

const here = join(root, 'tests', 'tools');
const packages = join(here, 'node_modules');
const folder = mkdtempSync(join(tmpdir(), 'socket-task-tools-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
server.on('connection', (peer) => peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary })));
await new Promise((resolve) => server.on('listening', resolve));
const url = `ws://127.0.0.1:${server.address().port}`;

const target = `${process.platform}-${process.arch}`;
const TALKED = '你好\n1000\n';

/** The archives as they are published, with the addon that is built here. */
async function pack() {
  const addon = join(root, 'build', 'addons', `${target}.node`);
  mkdirSync(join(root, 'build', 'addons'), { recursive: true });
  cpSync(join(root, 'node', `socket-task.${target}.node`), addon);
  const { code, output } = await execute(process.execPath, ['scripts/release/pack.mjs']);
  const archives = output.split('\n').filter((line) => line.endsWith('.tgz'));
  const wanted = archives.filter((file) => !/-(linux|darwin|win32)-/.test(file) || file.includes(`-${target}-0`));
  report('the archives are made', code === 0 && wanted.length === 2, output);
  return wanted;
}

/** A project with the archives in it, and nothing else. */
async function install(name, archives) {
  const project = join(folder, name);
  cpSync(join(here, 'app'), project, { recursive: true });
  const npm = ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', ...archives];
  const { code, output } = await execute('npm', npm, { cwd: project });
  report(`they install without the network: ${name}`, code === 0, output);
  return project;
}

const talk = (cwd, file, env) => execute(process.execPath, [file, url], { cwd, env, milliseconds: 20_000 });

async function reportTalk(name, cwd, file) {
  const { output } = await talk(cwd, file);
  report(`${name}: the program connects`, output === TALKED, output);
}

const REQUIRING = `
  const { connectSocket } = require('react-native-socket-task');
  connectSocket({ url: process.argv[2] }).then((task) => {
    task.onOpen(() => task.send({ data: '你好' }));
    task.onMessage(({ data }) => { console.log(data); task.close(); });
    task.onClose(({ code }) => console.log(code));
  }, ({ errMsg }) => console.log(errMsg));`;

async function node(project) {
  await reportTalk('Node, import', project, 'program.js');
  writeFileSync(join(project, 'program.cjs'), REQUIRING);
  await reportTalk('Node, require', project, 'program.cjs');
  const own = join(project, 'node_modules', `react-native-socket-task-${target}`);
  const file = join(own, 'socket-task.node');
  renameSync(file, `${file}.away`);
  const { output: without } = await talk(project, 'program.cjs');
  report(
    'Node without the addon: the text names its package, and what a bundler has to be told',
    without.includes(`react-native-socket-task-${target}`) &&
      /omit optional.*external.*SOCKET_TASK_ADDON/s.test(without),
    without,
  );
  writeFileSync(file, 'no library');
  const { output: broken } = await talk(project, 'program.cjs');
  report('Node with a broken addon: the text names the file', broken.includes(`${file} cannot be loaded: `), broken);
  if (process.platform === 'linux') {
    // What an npm before 10.4 installs on a system with musl: both, of which the first cannot be loaded.
    const other = join(project, 'node_modules', `react-native-socket-task-${target}-musl`);
    cpSync(own, other, { recursive: true });
    renameSync(join(other, 'socket-task.node.away'), join(other, 'socket-task.node'));
    await reportTalk('Node with two addons, of which the first cannot be loaded', project, 'program.cjs');
    rmSync(other, { recursive: true });
  }
  renameSync(`${file}.away`, file);
}

async function bundlers(project) {
  const out = join(project, 'dist');
  // Where a bundler finds itself; the app has nothing but the package.
  cpSync(join(here, 'bundle.mjs'), join(folder, 'bundle.mjs'));
  symlinkSync(packages, join(folder, 'node_modules'));
  const { code, output } = await execute(process.execPath, ['../bundle.mjs', join(project, 'program.js'), out], {
    cwd: project,
  });
  const bundles = output.split('\n').filter((line) => line.startsWith('{'));
  report('the bundlers end well', code === 0 && bundles.length === 7, output);
  for (const line of bundles) {
    const { name, file, warnings } = JSON.parse(line);
    report(`${name}: no warning`, warnings.length === 0, warnings.join('\n'));
    await reportTalk(name, project, file);
  }
}

async function jest(project) {
  // React Native and Babel are there as in an app, where the package is.
  for (const name of readdirSync(packages).filter((name) => !name.startsWith('.'))) {
    const link = join(project, 'node_modules', name);
    if (!existsSync(link)) symlinkSync(join(packages, name), link);
  }
  const args = [
    '--preserve-symlinks',
    join(packages, 'jest', 'bin', 'jest.js'),
    '--ci',
    '--runInBand',
    '--json',
    '--watchman=false',
  ];
  const { code, output } = await execute(process.execPath, args, { cwd: project, env: { SERVER: url } });
  const json = output.split('\n').find((line) => line.startsWith('{'));
  if (!json) return report('Jest runs', false, output);
  const results = JSON.parse(json);
  report('Jest ends well', code === 0, output.slice(0, 4000));
  for (const { name, assertionResults } of results.testResults) {
    for (const { fullName, status, failureMessages } of assertionResults) {
      const file = name.slice(name.lastIndexOf('/') + 1);
      report(`Jest, ${file}: ${fullName}`, status === 'passed', failureMessages.join('\n'));
    }
  }
}

/** Versions that agree, actions by their digests, an address in all its places: what a tag would be refused for. */
async function ready() {
  const { output } = await execute(process.execPath, ['scripts/release/ready.mjs']);
  // Until somebody releases it, these two stand against it.
  const known = /^(CHANGELOG\.md begins with ".* \(unreleased\)"|https:\/\/example\.invalid\/.* is a placeholder)/;
  const others = output.split('\n').filter((line) => line && !known.test(line) && !line.endsWith('can be released'));
  report('nothing stands against a release that nobody knows of', others.length === 0, others.join('\n'));
}

await ready();
const archives = await pack();
const project = await install('app', archives);
await node(project);
await bundlers(project);
await jest(project);
server.close();
finish();
