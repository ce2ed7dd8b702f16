// Apps of the oldest and the newest React Native, with its own tools: autolinking finds the package, codegen takes its
// spec, and the CMake project that autolinking writes comes to the right library. Run by tests/android/run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { copyVerifier, findCrate } from '../../scripts/android/copy-verifier.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '..', '..');
const PACKAGE = 'react-native-socket-task';

const folder = mkdtempSync(join(tmpdir(), 'socket-task-android-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (program, args, cwd, options) => execFileSync(program, args, { cwd, encoding: 'utf8', ...options });

// What npm would publish, installed in both apps.
run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT);
const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
run('tar', ['-xzf', join(folder, archive), '-C', folder], folder);

/** An app as React Native's template makes it, as far as its tools look. */
function makeApp(version) {
  const app = join(folder, version);
  mkdirSync(join(app, 'android', 'app', 'src', 'main'), { recursive: true });
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ name: 'app', private: true, dependencies: { 'react-native': '*', [PACKAGE]: '*' } }),
  );
  writeFileSync(join(app, 'android', 'app', 'build.gradle'), 'android {\n  namespace "com.example.app"\n}\n');
  writeFileSync(join(app, 'android', 'app', 'src', 'main', 'AndroidManifest.xml'), '<manifest />\n');
  const modules = join(app, 'node_modules');
  mkdirSync(modules);
  const installed = join(HERE, 'apps', version, 'node_modules');
  for (const name of readdirSync(installed)) {
    if (!name.startsWith('.')) symlinkSync(join(installed, name), join(modules, name));
  }
  if (!existsSync(join(modules, 'react-native'))) {
    symlinkSync(join(ROOT, 'node_modules', 'react-native'), join(modules, 'react-native'));
  }
  cpSync(join(folder, 'package'), join(modules, PACKAGE), { recursive: true });
  return app;
}

for (const version of ['0.76', '0.88']) {
  const app = makeApp(version);
  const home = join(app, 'node_modules', PACKAGE);
  const reactNative = JSON.parse(readFileSync(join(app, 'node_modules', 'react-native', 'package.json'), 'utf8'));
  const title = `React Native ${reactNative.version}`;
  assert.ok(reactNative.version.startsWith(`${version}.`));

  const cli = join(HERE, 'apps', version, 'node_modules', '@react-native-community', 'cli', 'build', 'bin.js');

  test(`${title}: its command-line tools autolink the package`, () => {
    const config = JSON.parse(run(process.execPath, [cli, 'config'], app));
    assert.deepEqual(config.dependencies[PACKAGE]?.platforms.android, {
      sourceDir: join(home, 'android'),
      packageImportPath: 'import com.sockettask.SocketTaskPackage;',
      packageInstance: 'new SocketTaskPackage()',
      buildTypes: [],
      libraryName: 'SocketTaskSpec',
      componentDescriptors: [],
      cmakeListsPath: join(home, 'android', 'build', 'generated', 'source', 'codegen', 'jni', 'CMakeLists.txt'),
      cxxModuleCMakeListsModuleName: 'react_native_socket_task',
      cxxModuleCMakeListsPath: join(home, 'cpp', 'CMakeLists.txt'),
      cxxModuleHeaderName: 'NativeSocketTask',
      isPureCxxDependency: false,
    });
  });

  for (const [platform, expected] of [
    [
      'android',
      {
        'NativeSocketTaskSpec.java': /abstract WritableMap getNativeModule\(\);/,
        'SocketTaskSpec.h': /std::shared_ptr<TurboModule> SocketTaskSpec_ModuleProvider\(/,
        'SocketTaskSpec-generated.cpp': /"getNativeModule", "\(\)Lcom\/facebook\/react\/bridge\/WritableMap;"/,
        'CMakeLists.txt': /react_codegen_SocketTaskSpec/,
      },
    ],
    [
      'ios',
      {
        'SocketTaskSpec.h': /@protocol NativeSocketTaskSpec <RCTBridgeModule, RCTTurboModule>/,
        'SocketTaskSpec-generated.mm': /"getNativeModule", @selector\(getNativeModule\)/,
      },
    ],
  ]) {
    test(`${title}: its codegen takes the spec for ${platform}`, () => {
      const output = join(app, `codegen-${platform}`);
      const script = join(app, 'node_modules', 'react-native', 'scripts', 'generate-codegen-artifacts.js');
      const args = [
        script,
        '--path',
        home,
        '--targetPlatform',
        platform,
        '--outputPath',
        output,
        '--source',
        'library',
      ];
      run(process.execPath, args, app, { stdio: 'pipe' });
      const files = readdirSync(output, { recursive: true, encoding: 'utf8' });
      for (const [name, content] of Object.entries(expected)) {
        const file = files.find((path) => basename(path) === name);
        assert.ok(file, `${name} among ${files}`);
        assert.match(readFileSync(join(output, file), 'utf8'), content);
      }
    });
  }
}

test('Gradle takes the verifier that the Rust code was locked to', () => {
  const { folder: crate, version } = findCrate('rustls-platform-verifier-android');
  const gradle = readFileSync(join(ROOT, 'android', 'build.gradle'), 'utf8');
  assert.equal(gradle.match(/def verifierVersion = "(.*)"/)?.[1], version);
  assert.match(gradle, /implementation "rustls:rustls-platform-verifier:" \+ verifierVersion/);

  const artifact = join('rustls', 'rustls-platform-verifier', version);
  const repository = join(folder, 'maven');
  copyVerifier(repository);
  const name = `rustls-platform-verifier-${version}`;
  assert.deepEqual(readdirSync(join(repository, artifact)).sort(), [
    'LICENSE-APACHE',
    'LICENSE-MIT',
    `${name}.aar`,
    `${name}.pom`,
  ]);
  for (const file of [`${name}.aar`, `${name}.pom`]) {
    const copy = readFileSync(join(repository, artifact, file));
    assert.deepEqual(copy, readFileSync(join(crate, 'maven', artifact, file)), file);
  }
});

/** The project of an app: what React Native's CMake files and autolinking come to, with libraries that have no code. */
const APP_PROJECT = `
cmake_minimum_required(VERSION 3.13)
project(appmodules CXX)
add_library(jsi INTERFACE)
add_library(reactnative INTERFACE)
file(WRITE "\${CMAKE_BINARY_DIR}/app.cpp" "#include <NativeSocketTask.h>\\n")
add_library(appmodules SHARED "\${CMAKE_BINARY_DIR}/app.cpp")
add_subdirectory("\${PACKAGE}/cpp/" SocketTaskSpec_cxxmodule_autolinked_build)
target_link_libraries(appmodules react_native_socket_task)
`;

test('an app links the library of the architecture that it is built for, by name and once', () => {
  const project = join(folder, 'cmake');
  const home = join(folder, 'package');
  mkdirSync(project);
  writeFileSync(join(project, 'CMakeLists.txt'), APP_PROJECT);
  const configure = (abi) => {
    const output = join(project, abi);
    const args = ['-G', 'Ninja', '-S', project, '-B', output, `-DPACKAGE=${home}`, `-DANDROID_ABI=${abi}`];
    run('cmake', args, project, { stdio: 'pipe' });
    return readFileSync(join(output, 'build.ninja'), 'utf8');
  };
  assert.throws(() => configure('x86'), /no native library for x86/);
  for (const abi of ['arm64-v8a', 'x86_64']) {
    const libraries = join(home, 'android', 'src', 'main', 'jniLibs', abi);
    mkdirSync(libraries, { recursive: true });
    writeFileSync(join(libraries, 'libsocket_task.so'), '');
    const ninja = configure(abi);
    assert.deepEqual(ninja.match(/-L\S*jniLibs\S*/g), [`-L${libraries}`]);
    assert.deepEqual(ninja.match(/-lsocket_task\b/g), ['-lsocket_task']);
    // Named as a file it would be packaged by the app, and by the library module too.
    assert.doesNotMatch(ninja, /libsocket_task\.so/);
    assert.ok(ninja.split(/\s/).includes(`-I${join(home, 'cpp', 'doors', 'turbo')}`));
  }
});
