// What is claimed for each platform, and the lines in the logs of `make test` that prove it.

export const platforms = {
  c: 'C',
  node: 'Node',
  android: 'Android',
  ios: 'iOS',
};

/** The tests of a C program, linked either way: every one of the names. */
const c = (program, ...tests) =>
  ['shared', 'static'].flatMap((linked) =>
    tests.map((test) => [`${program}--${linked}`, new RegExp(`^ok ${program}: ${test} `, 'm')]),
  );

/** Tests of the JavaScript API over the Node addon, by how their names begin. */
const node = (...tests) => tests.map((test) => ['npm-test', new RegExp(`^✔ ${test}`, 'm')]);

/** All tests of these classes of tests/jvm, or of tests/android. */
const classes = (log, ...names) =>
  names.map((name) => [
    log,
    new RegExp(`Tests run: [1-9]\\d*, Failures: 0, Errors: 0, .* in com.sockettask.${name}$`, 'm'),
  ]);
const jvm = (...names) => classes('tests-jvm', ...names);
const robolectric = (...names) => classes('tests-android', ...names);

/** Tests of the Objective-C under GNUstep. */
const gnustep = (...tests) => tests.map((test) => ['tests-ios', new RegExp(`^ok ${test}`, 'm')]);

/** Tests of the seam in both engines, with the oldest and the newest React Native. */
const module = (...tests) =>
  ['JavaScriptCore', 'Node'].flatMap((engine) =>
    ['0.76', '0.88'].flatMap((version) =>
      tests.map((test) => ['tests-jsi', new RegExp(`^ok ${engine}, React Native ${version}: ${test}`, 'm')]),
    ),
  );

/** Tests in React Native's Hermes for Android, on Linux: in an engine alone, and on the bridge. */
const hermes = (...tests) =>
  ['Hermes, React Native 0.87.1', 'the bridge, React Native 0.73.8'].flatMap((host) =>
    tests.map((test) => ['tests-react-native', new RegExp(`^ok ${host.replaceAll('.', '\\.')}: ${test}`, 'm'), host]),
  );

/** The tests of the JavaScript API, over the TurboModule. */
const javascript = [['tests-jsi', /^the tests in tests\/js \(.*\), in Node: [1-9]\d* passed, 0 failed$/m]];

const compiled = (triple) => [['scripts-cross-check', new RegExp(`^ok clippy for ${triple}`, 'm')]];
const apps = (...tests) => tests.map((test) => ['tests-android', new RegExp(`^✔ ${test}`, 'm')]);

const JVM = 'run: JVM, module¹';
const JVM_HERMES = 'run: JVM, module¹, Hermes²';
const GNUSTEP = 'run: GNUstep, module¹';

export const features = [
  {
    feature: 'connect, send, receive, close',
    c: { claim: 'run', evidence: c('echo', 'every size over TCP', 'every size over TLS', '8 threads send') },
    node: { claim: 'run', evidence: node('text: Chinese, emoji', 'a burst of 20 000 messages comes complete') },
    android: {
      claim: JVM_HERMES,
      evidence: [
        ...jvm('EchoTest', 'StressTest'),
        ...module('texts come back', 'binary messages'),
        ...hermes('the engine is Hermes', 'texts come back', 'binary messages', 'a burst costs one hop'),
      ],
    },
    ios: {
      claim: GNUSTEP,
      evidence: [...gnustep('echo: texts', 'echo: binary from 0'), ...module('a burst costs one hop')],
    },
  },
  {
    feature: 'errors, close codes, order of events',
    c: { claim: 'run', evidence: c('failures', 'HTTP statuses', 'server closes', 'server ends the connection') },
    node: { claim: 'run', evidence: node('onClose: what was on the wire', 'onError: status, headers and body') },
    android: {
      claim: JVM_HERMES,
      evidence: [
        ...jvm('ErrorsTest', 'EndingTest'),
        ...module('closing tells code and reason'),
        ...hermes('closing tells code and reason', 'a failed connection tells why'),
      ],
    },
    ios: {
      claim: GNUSTEP,
      evidence: [
        ...gnustep("failures: the server's close codes", 'lifetime: exceptions'),
        ...module('a failed connection tells why'),
      ],
    },
  },
  {
    feature: 'permessage-deflate',
    c: {
      claim: 'run',
      evidence: c('compression', 'every size, with every agreement', 'who does not want it does not get it'),
    },
    node: { claim: 'run', evidence: node('ws, permessage-deflate', 'Python websockets, TLS and permessage-deflate') },
    android: { claim: JVM, evidence: [...jvm('OptionsTest'), ...javascript] },
    ios: { claim: 'run: module¹', evidence: javascript },
  },
  {
    feature: 'TLS: roots of the app, pins, client certificates',
    c: { claim: 'run', evidence: c('tls', 'pins', 'client certificate', 'authority as DER') },
    node: { claim: 'run', evidence: node('pins', 'clientCert', 'acceptedCertificates') },
    android: { claim: JVM, evidence: [...jvm('OptionsTest'), ...javascript] },
    ios: { claim: GNUSTEP, evidence: [...gnustep('options: TLS'), ...javascript] },
  },
  {
    feature: "TLS: the platform's trust store",
    c: { claim: 'run, Linux’s', evidence: c('failures', 'authority that is unknown') },
    node: { claim: 'run, Linux’s', evidence: node('an authority that is not trusted') },
    android: {
      claim: 'compiled; its Java half: run³',
      evidence: [...compiled('aarch64-linux-android'), ...robolectric('VerifierTest')],
    },
    ios: { claim: 'compiled', evidence: compiled('aarch64-apple-ios') },
  },
  {
    feature: 'proxies, redirects, cookies, addresses, prewarm',
    c: {
      claim: 'run',
      evidence: [
        ...c('proxies', 'lets through'),
        ...c('network', 'redirects', 'addresses'),
        ...c('cookies', 'asks and tells'),
        ...c('prewarm', 'adopted by another handle'),
      ],
    },
    node: {
      claim: 'run',
      evidence: node('proxy: HTTP and SOCKS 5', 'followRedirects: credentials', 'cookies: asked', 'resolve:'),
    },
    android: { claim: JVM, evidence: [...jvm('OptionsTest'), ...javascript] },
    ios: {
      claim: GNUSTEP,
      evidence: [...gnustep('options: route', 'options: cookies', 'options: prewarm'), ...javascript],
    },
  },
  {
    feature: 'keepalive, probe, backpressure',
    c: { claim: 'run', evidence: [...c('platform', 'probe all'), ...c('arguments', 'full buffer')] },
    node: { claim: 'run', evidence: node('pingInterval and pongTimeout', 'send: a full queue') },
    android: {
      claim: JVM_HERMES,
      evidence: [
        ...jvm('OptionsTest'),
        ...module('pings, pongs and probes'),
        ...hermes('pings, pongs and probes', 'the queue towards JavaScript is bounded', 'a paused socket'),
      ],
    },
    ios: {
      claim: GNUSTEP,
      evidence: [...gnustep('failures: probe', 'echo: backpressure'), ...module('pings, pongs and probes')],
    },
  },
  {
    feature: 'reconnect',
    c: { claim: 'run', evidence: c('reconnect', 'comes back until it is closed', 'keeps what is sent between') },
    node: { claim: 'run', evidence: node('a loss is told in the place', 'a WebSocket has the events reconnecting') },
    android: {
      claim: JVM,
      evidence: [
        ...jvm('ReconnectTest'),
        ...module('a lost connection is followed by another one, with what JavaScript answers'),
      ],
    },
    ios: {
      claim: GNUSTEP,
      evidence: [
        ...gnustep('reconnect: refresh', 'reconnect: stop codes'),
        ...module('a lost connection is followed by another one, with what JavaScript answers'),
      ],
    },
  },
  {
    feature: "the platform's proxy; network changes; foreground",
    c: { claim: 'run', evidence: c('platform', 'system proxy', 'probe all') },
    node: { claim: 'the environment’s proxy: run', evidence: node('proxy: environment and system') },
    android: { claim: 'run³', evidence: robolectric('PlatformTest') },
    ios: {
      claim: 'run, Apple’s services replaced⁴',
      evidence: gnustep("platform: the system's proxies", 'platform: foreground and network'),
    },
  },
  {
    feature: "the app's policy for `ws:`",
    c: { claim: '—' },
    node: { claim: '—' },
    android: { claim: 'run³', evidence: [...robolectric('PlatformTest'), ...jvm('PlatformTest')] },
    ios: { claim: '— (none for sockets)' },
  },
  {
    feature: 'Taro and WHATWG in JavaScript',
    c: { claim: '—' },
    node: { claim: 'run', evidence: node('the sample of the documents', 'the life of a connection') },
    android: { claim: 'run: module¹', evidence: javascript },
    ios: { claim: 'run: module¹', evidence: javascript },
  },
  {
    feature: 'reload and the end of an app',
    c: { claim: '—' },
    node: { claim: 'run', evidence: node('reload: the sockets', 'worker threads:') },
    android: {
      claim: 'run: module¹, Hermes²',
      evidence: [
        ['tests-jsi', /^ok 200 runtimes that end with live sockets/m],
        ...hermes(
          '200 runtimes that end with live sockets',
          'the server has seen all of them go',
          'it was told 1001',
          '200 runtimes that end while another thread calls into them',
        ),
      ],
    },
    ios: { claim: 'run: module¹', evidence: [['tests-jsi', /^ok 200 runtimes that end with live sockets/m]] },
  },
  {
    feature: 'memory: leaks, threads, descriptors',
    c: {
      claim: 'run',
      evidence: [
        ['leak', /^ok leak: echoes over TLS /m],
        ['leak-under-valgrind', /^ok leak: refused connections /m],
      ],
    },
    node: { claim: 'run', evidence: node('sockets that come and go leave nothing behind') },
    android: {
      claim: JVM_HERMES,
      evidence: [
        ...jvm('StressTest'),
        ['tests-jsi', /^ok JavaScriptCore: 3 000 messages of 1 MiB, dropped/m],
        ...hermes('3 000 messages of 1 MiB, dropped'),
      ],
    },
    ios: { claim: GNUSTEP, evidence: gnustep('memory: connections that come and go', 'memory: 3 000 messages') },
  },
  {
    feature: 'the library for the platform’s processors',
    c: { claim: 'run', evidence: [['steps', /^ok exports only socket_task_\*$/m]] },
    node: { claim: 'run', evidence: node('it works from ') },
    android: { claim: 'compiled⁵', evidence: compiled('aarch64-linux-android') },
    ios: { claim: 'compiled⁵', evidence: compiled('aarch64-apple-ios') },
  },
  {
    feature: 'the module in an app: autolinking, codegen, registration',
    c: { claim: '—' },
    node: { claim: '—' },
    android: {
      claim: 'run: React Native’s tools, CMake',
      evidence: apps(
        'React Native 0.76.9: its command-line tools',
        'React Native 0.88.1: its codegen',
        'an app links the library',
      ),
    },
    ios: {
      claim: 'compiled: type check with ARC',
      evidence: gnustep(
        'ios/RNSocketTask.mm fits React Native 0.73.11, old architecture',
        'ios/RNSocketTask.mm fits React Native 0.81.6, old architecture',
        'ios/RNSocketTask.mm fits React Native 0.88.1, new architecture',
      ),
    },
  },
  {
    feature: 'the build by Gradle, by CocoaPods and Xcode',
    c: { claim: '—' },
    node: { claim: '—' },
    android: { claim: 'written' },
    ios: { claim: 'written' },
  },
];

const suite = (host) => [
  ['tests-react-native', new RegExp(`^ok ${host.replaceAll('.', '\\.')}: texts come back`, 'm'), host],
];
const headers = (...versions) =>
  versions.map((version) => [
    'tests-jsi',
    new RegExp(`^ok cpp/ compiles with React Native ${version.replaceAll('.', '\\.')}$`, 'm'),
    `cpp/ with the headers of React Native ${version}`,
  ]);
const HERMES = 'Hermes for Android, on Linux';

/** The module by versions of React Native: in what of it, with which engine. */
export const versions = [
  {
    version: '0.73.8',
    architecture: "old: the bridge, React Native's Java and JavaScript, the package's own Java module",
    engine: HERMES,
    claim: 'run',
    evidence: suite('the bridge, React Native 0.73.8'),
  },
  { version: '0.76.5', architecture: 'new: TurboModuleBinding', engine: HERMES, claim: 'by hand' },
  {
    version: '0.87.1',
    architecture: 'new: TurboModuleBinding',
    engine: HERMES,
    claim: 'run',
    evidence: suite('Hermes, React Native 0.87.1'),
  },
  {
    version: '0.87.1',
    architecture: 'new: ReactInstance, with its scheduler, timers and errors',
    engine: HERMES,
    claim: 'by hand',
  },
  {
    version: '0.87.1',
    architecture: "new: ReactInstance and TurboModuleManager in React Native's Java",
    engine: HERMES,
    claim: 'by hand',
  },
  {
    version: '0.76.9, 0.88.1',
    architecture: 'new: TurboModuleBinding',
    engine: 'JavaScriptCore, V8',
    claim: 'run',
    evidence: module('texts come back'),
  },
  {
    version: '0.73.11 to 0.89.0-rc.0, ten of them',
    architecture: 'the C++ of both, but for JNI',
    engine: '',
    claim: 'compiled',
    evidence: headers(
      ...['0.73.11', '0.74.7', '0.75.5', '0.76.9', '0.79.7', '0.81.6', '0.82.1', '0.86.3', '0.88.1', '0.89.0-rc.0'],
    ),
  },
];
