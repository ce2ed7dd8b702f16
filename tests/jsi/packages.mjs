// Downloads the npm packages whose sources the tests of the native code are built with, and unpacks those:
// node packages.mjs FOLDER
//
// They are no dependencies in package.json: each has hundreds of its own, which no test needs.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** React Native's C++, Objective-C and scripts for CocoaPods: of 0.73, and of later versions. */
const REACT_NATIVE_73 = ['ReactCommon', 'React', 'Libraries', 'scripts'];
const REACT_NATIVE = ['ReactApple', ...REACT_NATIVE_73];

/**
 * Of React Native, which the package supports from 0.73 on: the oldest; the first that has the New Architecture by default;
 * the last that has the old one; the newest. The runtime for Node-API comes from another package.
 */
const PACKAGES = [
  {
    name: 'react-native',
    version: '0.73.11',
    integrity: 'sha512-yvQIX+ZXOHMFnhmwZ1fBpRI/53k+iLN8DxVf24Fx4ABU63RGAYfyCZC0/3W+5OUVx4KSIZUv4Tv+/NGIieBOwg==',
    sources: REACT_NATIVE_73,
  },
  {
    name: 'react-native',
    version: '0.76.9',
    integrity: 'sha512-+LRwecWmTDco7OweGsrECIqJu0iyrREd6CTCgC/uLLYipiHvk+MH9nd6drFtCw/6Blz6eoKTcH9YTTJusNtrWg==',
    sources: REACT_NATIVE,
  },
  {
    name: 'react-native',
    version: '0.81.6',
    integrity: 'sha512-X/tI8GqfzVaa+zfbE4+lySNN5UzwBIAVRHVZPKymOny9Acc5GYYcjAcEVfG3AM4h920YALWoSl8favnDmQEWIg==',
    sources: REACT_NATIVE,
  },
  {
    name: 'react-native',
    version: '0.88.1',
    integrity: 'sha512-wajWcLZ93GCN7k4Uwh4CS4L2Ah8ohcvkOXnvIYmh4Yvuqho5j3APZ9qozK+nQrHWSgauq4h8D3HN5DKK84SrHA==',
    sources: REACT_NATIVE,
  },
  {
    name: 'react-native-windows',
    version: '0.82.5',
    integrity: 'sha512-71m54ZQHuucfmeYjDpQjAPAv9F1NYukS+99Bojy25euqqoxKJJzac4XO2PSohw8qebZS5hLVAsVlDZMdpOUabw==',
    sources: ['Microsoft.ReactNative.Cxx'],
  },
];

/**
 * Has the folders `sources` of an npm package in FOLDER/NAME-VERSION, which is returned. `pick` chooses among the files.
 */
export function fetchPackage(folder, { name, version, integrity, sources }, pick = () => true) {
  const place = join(folder, `${name}-${version}`);
  if (sources.every((source) => existsSync(join(place, source)))) return place;
  console.log(`fetching ${name} ${version}`);
  const temporary = mkdtempSync(join(folder, 'fetch-'));
  try {
    const output = execFileSync('npm', ['pack', `${name}@${version}`, '--json', '--pack-destination', temporary], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const file = join(temporary, JSON.parse(output)[0].filename);
    const digest = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
    if (integrity && digest !== integrity)
      throw new Error(`${name} ${version} has the digest ${digest}, which is not the one known`);
    execFileSync('tar', ['-xzf', file, '-C', temporary, ...sources.map((source) => `package/${source}`)]);
    rmSync(place, { recursive: true, force: true });
    const unpacked = join(temporary, 'package');
    cpSync(unpacked, `${place}.new`, { recursive: true, filter: (path) => statSync(path).isDirectory() || pick(path) });
    renameSync(`${place}.new`, place);
    return place;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? '.');
  mkdirSync(folder, { recursive: true });
  for (const one of PACKAGES) fetchPackage(folder, one);
}
