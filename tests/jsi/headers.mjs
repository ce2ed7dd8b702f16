// Whether cpp/ compiles with the headers of each React Native that the package supports, from the first to the next.
//
//   node tests/jsi/headers.mjs VERSION    with those of this one only
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchPackage } from './packages.mjs';
import { execute, finish, inHalves, report, root } from './results.mjs';

/** One of each series in which the headers changed, or the architectures. Some are there as a whole (packages.mjs). */
const VERSIONS = {
  '0.73.11': 'sha512-yvQIX+ZXOHMFnhmwZ1fBpRI/53k+iLN8DxVf24Fx4ABU63RGAYfyCZC0/3W+5OUVx4KSIZUv4Tv+/NGIieBOwg==',
  '0.74.7': 'sha512-7emqS5CcwFoIBNAtcFPhmFRKkDl6TI/Oe10QjAYEj0JJcN/7hyCGwnDTtpjnO4Ai5LRt8xKXhrUt8cKIQ5BQlQ==',
  '0.75.5': 'sha512-9vyUHhkmesL2A++b3dKuhprEq7Nh/1gKgB7MD0ybjCgI4ARob0+j6Myfphzes8fYRcVSAwuiNdp8H+N96+eXSA==',
  '0.76.9': 'sha512-+LRwecWmTDco7OweGsrECIqJu0iyrREd6CTCgC/uLLYipiHvk+MH9nd6drFtCw/6Blz6eoKTcH9YTTJusNtrWg==',
  '0.79.7': 'sha512-7B2FJt/P+qulrkjWNttofiQjpZ5czSnL00kr6kQ9GpiykF/agX6Z2GVX6e5ggpQq2jqtyLvRtHIiUnKPYM77+w==',
  '0.81.6': 'sha512-X/tI8GqfzVaa+zfbE4+lySNN5UzwBIAVRHVZPKymOny9Acc5GYYcjAcEVfG3AM4h920YALWoSl8favnDmQEWIg==',
  '0.82.1': 'sha512-tFAqcU7Z4g49xf/KnyCEzI4nRTu1Opcx05Ov2helr8ZTg1z7AJR/3sr2rZ+AAVlAs2IXk+B0WOxXGmdD3+4czA==',
  '0.86.3': 'sha512-JR5s3bM9ezud+Mw24GlNXNfthqPIKwrQgPPJcam+L97t2sKjjEavhCzBn+fyqZZRcM5+XlhYxpTxVkK7e1n38Q==',
  '0.88.1': 'sha512-wajWcLZ93GCN7k4Uwh4CS4L2Ah8ohcvkOXnvIYmh4Yvuqho5j3APZ9qozK+nQrHWSgauq4h8D3HN5DKK84SrHA==',
  '0.89.0-rc.0': 'sha512-DBJ6BSTgh1odeeNWL1GDuLlHddqab19Jk/RSY174Ui8rbg3Qifaq/stfkCTHeZGvUA78rsHyaE7GssytIK5KBA==',
};

/** Where its headers are looked for, as its own build files say. */
const PLACES = [
  '',
  'jsi',
  'callinvoker',
  'react/bridging',
  'react/debug',
  'react/nativemodule/core',
  'runtimeexecutor',
];

/** Since 0.89 React Native's headers include one of folly's, which the npm package does not have. cpp/ uses nothing of it. */
const FOLLY = '#pragma once\nnamespace folly {\nclass dynamic {};\n}\n';

const BEGINNING = ['functional', 'memory', 'mutex', 'string', 'jsi/jsi.h']
  .map((name) => `#include <${name}>\n`)
  .join('');

/** `packages` is the folder of packages.mjs; `root`, `execute` and `report` as in floors.mjs. */
export async function checkHeaders({ root, packages, execute, report, versions = VERSIONS }) {
  const folly = join(packages, 'folly');
  mkdirSync(join(folly, 'folly'), { recursive: true });
  writeFileSync(join(folly, 'folly', 'dynamic.h'), FOLLY);
  const header = join(packages, 'beginning.h');
  writeFileSync(header, BEGINNING);
  // link/ knows nothing of React Native: floors.mjs.
  const sources = ['jsi', 'doors'].flatMap((folder) =>
    readdirSync(join(root, 'cpp', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.cpp'))
      .map((file) => join(root, 'cpp', folder, file)),
  );
  for (const [version, integrity] of Object.entries(versions)) {
    let common;
    try {
      const wanted = { name: 'react-native', version, integrity, sources: ['ReactCommon'] };
      common = join(
        fetchPackage(packages, wanted, (file) => file.endsWith('.h')),
        'ReactCommon',
      );
    } catch (error) {
      if (/digest/.test(error.message)) report(`React Native ${version} is the one known`, false, error.message);
      else console.log(`skipped: cpp/ with the headers of React Native ${version}: ${error.message}`);
      continue;
    }
    const include = [folly, ...PLACES.map((place) => join(common, place))].flatMap((place) => ['-isystem', place]);
    const flags = ['-std=c++20', '-Wall', '-Wextra', '-Werror', '-DREACT_NATIVE_PRODUCTION'];
    const args = [...flags, `-I${join(root, 'include')}`, ...include];
    // What all files begin with is read once: it is most of what there is to read.
    const compiled = join(packages, `beginning-${version}.pch`);
    const beginning = await execute(process.env.CXX, [...args, '-x', 'c++-header', header, '-o', compiled]);
    const all = [...args, '-fsyntax-only', '-include-pch', compiled];
    const rest = await inHalves(sources, (files) => execute(process.env.CXX, [...all, ...files]));
    const good = beginning.code === 0 && rest.good;
    report(`cpp/ compiles with React Native ${version}`, good, beginning.output + rest.output);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = join(root, 'build', 'jsi', 'packages');
  mkdirSync(packages, { recursive: true });
  // A version that nobody has looked at has no digest yet.
  await checkHeaders({ root, packages, execute, report, versions: { [process.argv[2]]: undefined } });
  finish();
}
