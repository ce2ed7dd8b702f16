// Apps of the oldest and the newest React Native of either architecture, with its own tools: autolinking finds the package,
// codegen takes its spec, and the CMake projects of both architectures come to the right library. Run by tests/android/run.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

// What npm would publish.
run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT);
const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
run('tar', ['-xzf', join(folder, archive), '-C', folder], folder);

/** An app as React Native's template makes it, as far as its tools look, with the package installed by npm. */
function makeApp(version) {
  const app = join(folder, version);
  const from = join(HERE, 'apps', version);
  mkdirSync(join(app, 'android', 'app', 'src', 'main'), { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(from, name), join(app, name));
  writeFileSync(join(app, 'android', 'app', 'build.gradle'), 'android {\n  namespace "com.example.app"\n}\n');
  writeFileSync(join(app, 'android', 'app', 'src', 'main', 'AndroidManifest.xml'), '<manifest />\n');
  // The same files where that can be, but for the one that npm writes.
  const copy = 'cp -al "$0" "$1" || { rm -rf "$1/node_modules"; cp -a "$0" "$1"; }';
  run('sh', ['-c', copy, join(from, 'node_modules'), app], ROOT);
  const list = join('node_modules', '.package-lock.json');
  rmSync(join(app, list));
  cpSync(join(from, list), join(app, list));
  // Nothing is needed but the package itself, and packages of others' peers, which an installation may have left out.
  const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', join(folder, archive), ...options], app);
  return app;
}

/** What autolinking says of the C++ module. */
const CXX_MODULE = (home) => ({
  cxxModuleCMakeListsModuleName: 'react_native_socket_task',
  cxxModuleCMakeListsPath: join(home, 'cpp', 'CMakeLists.txt'),
  cxxModuleHeaderName: 'NativeSocketTask',
});

for (const { version, cxxModule, platforms = ['android', 'ios'] } of [
  // It knows no modules of C++: there it is the bridge's. And its codegen for Android is no script, but Gradle's.
  { version: '0.73', cxxModule: () => ({}), platforms: ['ios'] },
  { version: '0.76', cxxModule: (home) => ({ ...CXX_MODULE(home), isPureCxxDependency: false }) },
  { version: '0.88', cxxModule: (home) => ({ ...CXX_MODULE(home), isPureCxxDependency: false }) },
]) {
  const app = makeApp(version);
  const home = join(app, 'node_modules', PACKAGE);
  const reactNative = JSON.parse(readFileSync(join(app, 'node_modules', 'react-native', 'package.json'), 'utf8'));
  const title = `React Native ${reactNative.version}`;
  assert.ok(reactNative.version.startsWith(`${version}.`));

  test(`${title}: npm has nothing to say of the app with the package in it`, () => {
    const { status, stdout, stderr } = spawnSync('npm', ['ls', '--all'], { cwd: app, encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`${PACKAGE}@`));
  });

  test(`${title}: its command-line tools autolink the package`, () => {
    const { status, stdout, stderr } = spawnSync('npx', ['--no', 'react-native', 'config'], {
      cwd: app,
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    assert.equal(status, 0);
    const { ios, android } = JSON.parse(stdout).dependencies[PACKAGE].platforms;
    assert.equal(ios.podspecPath, join(home, 'SocketTask.podspec'));
    assert.deepEqual(android, {
      sourceDir: join(home, 'android'),
      packageImportPath: 'import com.sockettask.SocketTaskPackage;',
      packageInstance: 'new SocketTaskPackage()',
      buildTypes: [],
      libraryName: 'SocketTaskSpec',
      componentDescriptors: [],
      cmakeListsPath: join(home, 'android', 'build', 'generated', 'source', 'codegen', 'jni', 'CMakeLists.txt'),
      ...cxxModule(home),
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
    if (!platforms.includes(platform)) continue;
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

/** Libraries without code, in the place of an AAR that Gradle hands to CMake, with a file of targets for find_package. */
function writePackages(place, reactNative) {
  mkdirSync(place, { recursive: true });
  const targets = { ReactAndroid: reactNative, fbjni: ['fbjni'] };
  for (const [name, libraries] of Object.entries(targets)) {
    const lines = libraries.map(
      (library) =>
        `add_library(${name}::${library} INTERFACE IMPORTED)\n` +
        `set_target_properties(${name}::${library} PROPERTIES INTERFACE_LINK_LIBRARIES -l${library})\n`,
    );
    writeFileSync(join(place, `${name}Config.cmake`), lines.join(''));
  }
}

test('a library for the bridge is linked with what the version of React Native has', () => {
  const home = join(folder, 'package');
  const libraries = join(home, 'android', 'src', 'main', 'jniLibs', 'armeabi-v7a');
  mkdirSync(libraries, { recursive: true });
  writeFileSync(join(libraries, 'libsocket_task.so'), '');
  for (const [version, parts] of [
    ['0.73', ['jsi', 'react_nativemodule_core', 'turbomodulejsijni']],
    ['0.76', ['jsi', 'reactnative']],
  ]) {
    const [output, packages] = [join(folder, `bridge-${version}`), join(folder, `packages-${version}`)];
    writePackages(packages, parts);
    const args = ['-G', 'Ninja', '-S', join(home, 'android', 'src', 'oldarch'), '-B', output];
    args.push('-DANDROID_ABI=armeabi-v7a', `-DReactAndroid_DIR=${packages}`, `-Dfbjni_DIR=${packages}`);
    run('cmake', args, folder, { stdio: 'pipe' });
    const link = readFileSync(join(output, 'build.ninja'), 'utf8')
      .match(/LINK_LIBRARIES = (.*)/)[1]
      .split(' ');
    assert.deepEqual(
      link.filter((word) => word.startsWith('-l')).sort(),
      ['socket_task', 'fbjni', ...parts].map((part) => `-l${part}`).sort(),
    );
  }
});

/** The project of an app: what React Native's CMake files and autolinking come to, with libraries that have no code. */
const APP_PROJECT = `
cmake_minimum_required(VERSION 3.13)
project(appmodules CXX)
add_library(jsi INTERFACE)
add_library(\${REACT_NATIVE} INTERFACE)
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
  const configure = (abi, reactNative = 'reactnative') => {
    const output = join(project, `${abi}-${reactNative}`);
    const args = ['-G', 'Ninja', '-S', project, '-B', output, `-DPACKAGE=${home}`, `-DANDROID_ABI=${abi}`];
    args.push(`-DREACT_NATIVE=${reactNative}`);
    run('cmake', args, project, { stdio: 'pipe' });
    return readFileSync(join(output, 'build.ninja'), 'utf8');
  };
  assert.throws(() => configure('x86'), /no native library for x86/);
  for (const abi of ['arm64-v8a', 'x86_64']) {
    const libraries = join(home, 'android', 'src', 'main', 'jniLibs', abi);
    mkdirSync(libraries, { recursive: true });
    writeFileSync(join(libraries, 'libsocket_task.so'), '');
    const ninja = configure(abi);
    // A name that is no target would be one for the linker. Before React Native 0.76 the target has another.
    for (const text of [ninja, configure(abi, 'react_nativemodule_core')]) assert.doesNotMatch(text, /-lreact/);
    assert.deepEqual(ninja.match(/-L\S*jniLibs\S*/g), [`-L${libraries}`]);
    assert.deepEqual(ninja.match(/-lsocket_task\b/g), ['-lsocket_task']);
    // Named as a file it would be packaged by the app, and by the library module too.
    assert.doesNotMatch(ninja, /libsocket_task\.so/);
    assert.ok(ninja.split(/\s/).includes(`-I${join(home, 'cpp', 'doors', 'turbo')}`));
  }
});

/** The lines of docs/native-modules.md for a library module of an app with C++ of its own. */
const [, DOCUMENTED] = /```cmake\n([^`]*)```/.exec(readFileSync(join(ROOT, 'docs', 'native-modules.md'), 'utf8'));
const OTHER_PROJECT = `
cmake_minimum_required(VERSION 3.13)
project(other CXX)
add_library(roundtrips SHARED other.cpp)
${DOCUMENTED}
target_link_options(roundtrips PRIVATE -Wl,-z,defs)
`;
const OTHER_SOURCE = `
#include <socket_task.h>
extern "C" bool isCurrent() { return socket_task_check_version(SOCKET_TASK_VERSION_NUMBER) == SOCKET_TASK_OK; }
`;

test('another native module finds the library and its header, and calls it by name', () => {
  const project = join(folder, 'other');
  const home = join(folder, 'package');
  const libraries = join(home, 'android', 'src', 'main', 'jniLibs', 'arm64-v8a');
  mkdirSync(project);
  mkdirSync(libraries, { recursive: true });
  writeFileSync(join(project, 'CMakeLists.txt'), OTHER_PROJECT);
  writeFileSync(join(project, 'other.cpp'), OTHER_SOURCE);
  // For this machine, and with the name inside that the library has on Android.
  writeFileSync(join(project, 'library.c'), 'int socket_task_check_version(unsigned header) { return header == 0; }\n');
  const soname = '-Wl,-soname,libsocket_task.so';
  run('cc', ['-shared', '-fPIC', soname, 'library.c', '-o', join(libraries, 'libsocket_task.so')], project);

  const build = join(project, 'build');
  const configure = ['-G', 'Ninja', '-S', project, '-B', build, '-DANDROID_ABI=arm64-v8a'];
  // As the NDK's toolchain file has it: packages are looked for in its sysroot only.
  configure.push('-DCMAKE_FIND_ROOT_PATH=/nowhere', '-DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=ONLY');
  assert.throws(() => run('cmake', configure, project, { stdio: 'pipe' }), /react-native-socket-task/);
  configure.push(`-Dreact-native-socket-task_DIR=${join(home, 'android', 'cmake')}`);
  run('cmake', configure, project, { stdio: 'pipe' });
  run('cmake', ['--build', build], project, { stdio: 'pipe' });
  assert.match(run('readelf', ['-d', join(build, 'libroundtrips.so')], project), /NEEDED.*\[libsocket_task\.so\]/);
  // Android's Gradle plugin packages the libraries that are named as files.
  assert.doesNotMatch(readFileSync(join(build, 'build.ninja'), 'utf8'), /libsocket_task\.so/);
});

test('a module of C++ that is compiled as a part of the app links the same target', () => {
  const project = join(folder, 'parts');
  const home = join(folder, 'package');
  const part = join(project, 'part');
  mkdirSync(part, { recursive: true });
  writeFileSync(
    join(project, 'CMakeLists.txt'),
    APP_PROJECT + 'add_subdirectory(part)\ntarget_link_libraries(appmodules part)\n',
  );
  writeFileSync(
    join(part, 'CMakeLists.txt'),
    'add_library(part STATIC part.cpp)\ntarget_link_libraries(part PUBLIC react-native-socket-task::socket_task)\n',
  );
  writeFileSync(join(part, 'part.cpp'), OTHER_SOURCE);
  const args = ['-G', 'Ninja', '-S', project, '-B', join(project, 'build'), `-DPACKAGE=${home}`];
  run('cmake', [...args, '-DANDROID_ABI=arm64-v8a', '-DREACT_NATIVE=reactnative'], project, { stdio: 'pipe' });
  run('cmake', ['--build', join(project, 'build'), '--target', 'part'], project, { stdio: 'pipe' });
});
