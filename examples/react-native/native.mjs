// Makes android/ and ios/ of React Native's own template, of the version in package.json: node native.mjs. What an app adds to it for
// this screen is `ws:` to the computer, in debug builds permitted already.
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const template = join(here, 'node_modules', '@react-native-community', 'template', 'template');
const { name, displayName } = JSON.parse(readFileSync(join(here, 'app.json'), 'utf8'));
if (!existsSync(template)) throw new Error('npm install first');

/** As the template's names are written: HelloWorld, helloworld, and "Hello App Display Name". */
const rename = (text) =>
  text
    .replaceAll('Hello App Display Name', displayName)
    .replaceAll('HelloWorld', name)
    .replaceAll('helloworld', name.toLowerCase());

function renameIn(folder) {
  for (const old of readdirSync(folder)) {
    const path = join(folder, rename(old).replace(/^_xcode\.env$/, '.xcode.env'));
    renameSync(join(folder, old), path);
    if (statSync(path).isDirectory()) renameIn(path);
    else if (!/\.(png|jar|keystore)$/.test(path)) writeFileSync(path, rename(readFileSync(path, 'utf8')));
  }
}

for (const platform of ['android', 'ios']) {
  const folder = join(here, platform);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(template, platform), folder, { recursive: true });
  renameIn(folder);
  console.log(folder);
}
