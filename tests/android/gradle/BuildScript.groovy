// Evaluates android/build.gradle with Gradle's own classes, as a module of an app and alone:
//
//     BuildScript MODULE
//
// In the place of the plugins for Android and of React Native are those of StandIns.groovy, which keep what they are told.
import org.gradle.api.artifacts.FileCollectionDependency
import org.gradle.api.tasks.Exec
import org.gradle.testfixtures.ProjectBuilder

def module = new File(args[0])
def folder = File.createTempDir()
def apps = 0
def failed = 0

def check = { String name, Closure test ->
  try {
    test()
    println "ok $name"
  } catch (Throwable error) {
    failed++
    println "not ok $name"
    error.printStackTrace(System.out)
  }
}

/** An app of that version of React Native; in its folder android/ unless another is said. */
def evaluate = { Map properties, Map ext, String version = '0.88.1', String place = 'android' ->
  def home = new File(folder, "app${++apps}")
  new File(home, 'node_modules/react-native').mkdirs()
  new File(home, 'node_modules/react-native/package.json').text = """{"version": "$version"}"""
  def app = ProjectBuilder.builder().withProjectDir(new File(home, place).tap { mkdirs() }).build()
  ext.each { name, value -> app.ext.set(name, value) }
  properties.each { name, value -> app.ext.set(name, value) }
  def project = ProjectBuilder.builder().withParent(app).withProjectDir(module).withName('react-native-socket-task').build()
  project.apply from: new File(module, 'build.gradle')
  project
}

/** Whether a project was told to build the module for the bridge, all of it or nothing. */
def isBridge = { project ->
  def said = project.android.said
  def bridge = said['sourceSets.main.java.srcDir'] == ['src/oldarch/java']
  assert bridge || said['sourceSets.main.java.srcDir'] == ['src/newarch/java']
  assert said['buildFeatures.prefab'] == (bridge ? [true] : null)
  assert said['externalNativeBuild.cmake.path'] == (bridge ? [new File(module, 'src/oldarch/CMakeLists.txt')] : null)
  assert said['defaultConfig.externalNativeBuild.cmake.arguments'] == (bridge ? ['-DANDROID_STL=c++_shared'] : null)
  assert (said['packaging.jniLibs.excludes'] != null) == bridge
  assert new File(module, said['sourceSets.main.java.srcDir'][0] + '/com/sockettask/SocketTaskPackage.java').exists()
  bridge
}
def hasPlugin = { project -> project.extensions.findByName('react') != null }

check('in an app that says nothing') {
  def project = evaluate([:], [:])
  def said = project.android.said
  assert said.namespace == ['com.sockettask']
  assert said.compileSdk == [37]
  assert said['defaultConfig.minSdk'] == [24]
  assert said['defaultConfig.consumerProguardFiles'] == ['consumer-rules.pro']
  assert new File(module, 'consumer-rules.pro').exists()
  assert said['defaultConfig.ndk.abiFilters'] == ['arm64-v8a', 'armeabi-v7a', 'x86_64', 'x86']
  assert project.configurations.implementation.dependencies*.toString().size() == 2
  def verifier = project.configurations.implementation.dependencies.find { it.name == 'rustls-platform-verifier' }
  assert verifier.group == 'rustls'
  // The app says which version of React Native.
  assert project.configurations.implementation.dependencies.find { it.name == 'react-android' }.version in [null, '']
  // In the app too: it is the app that takes what its modules depend on.
  [project, project.rootProject].each {
    assert it.repositories*.url.contains(new File(module, 'maven').toURI())
  }
}

check('in an app that says more') {
  def project = evaluate([reactNativeArchitectures: 'arm64-v8a, x86_64'], [compileSdkVersion: 35, minSdkVersion: 26])
  def said = project.android.said
  assert said.compileSdk == [35]
  assert said['defaultConfig.minSdk'] == [26]
  assert said['defaultConfig.ndk.abiFilters'] == ['arm64-v8a', 'x86_64']
}

[
  // version, what the app's gradle.properties say, whether the bridge's module is built, whether codegen runs
  ['0.73.11', [:], true, false],
  ['0.73.11', [newArchEnabled: 'false'], true, false],
  // It knows no modules of C++: the bridge's serves there too. Autolinking wants what codegen makes.
  ['0.73.11', [newArchEnabled: 'true'], true, true],
  ['0.74.7', [newArchEnabled: 'false'], true, false],
  ['0.74.7', [newArchEnabled: 'true'], false, true],
  ['0.76.9', [newArchEnabled: 'false'], true, false],
  ['0.76.9', ['react.newArchEnabled': 'true'], false, true],
  ['0.81.6', [newArchEnabled: 'false'], true, false],
  ['0.81.6', [newArchEnabled: 'true'], false, true],
  // There is no other any more.
  ['0.82.1', [newArchEnabled: 'false'], false, true],
  ['0.89.0-rc.0', [:], false, true],
  ['1.2.3', [:], false, true],
  ['1000.0.0-20261101', [:], false, true],
].each { version, properties, bridge, plugin ->
  check("React Native $version, ${properties ?: 'no word of an architecture'}: ${bridge ? 'the bridge' : 'the TurboModule'}") {
    def project = evaluate(properties, [:], version)
    assert isBridge(project) == bridge
    assert hasPlugin(project) == plugin
  }
}

check('the bridge takes the app\'s NDK, and packages nothing that React Native has') {
  def said = evaluate([newArchEnabled: 'false'], [ndkVersion: '25.1.8937393', minSdkVersion: 21], '0.73.11').android.said
  assert said.ndkVersion == ['25.1.8937393']
  assert said['defaultConfig.minSdk'] == [21]
  def excluded = said['packaging.jniLibs.excludes'][0]
  ['jsi', 'fbjni', 'reactnative', 'react_nativemodule_core', 'turbomodulejsijni', 'c++_shared'].each {
    assert excluded.contains("**/lib${it}.so".toString())
  }
  assert !excluded.any { it.contains('socket_task') }
}

check('an app for Android 5.0 gets the classes of the verifier without its manifest') {
  def project = evaluate([newArchEnabled: 'false'], [minSdkVersion: 21], '0.73.11')
  def files = project.configurations.implementation.dependencies.find { it instanceof FileCollectionDependency }.files
  assert files*.name == ['classes.jar']
  assert files.singleFile.length() > 0
  assert !project.configurations.implementation.dependencies.any { it.group == 'rustls' }
}

check('React Native is found in the folder of a monorepo, and where the app says') {
  assert isBridge(evaluate([newArchEnabled: 'false'], [:], '0.73.11', 'apps/mobile/android'))
  def elsewhere = new File(folder, 'elsewhere').tap { mkdirs() }
  new File(elsewhere, 'package.json').text = '{"version": "0.73.11"}'
  assert isBridge(evaluate([:], [REACT_NATIVE_NODE_MODULES_DIR: elsewhere.path], '0.88.1'))
}

check('an app without React Native: the build says what is missing') {
  def app = ProjectBuilder.builder().withProjectDir(new File(folder, 'none').tap { mkdirs() }).build()
  def project = ProjectBuilder.builder().withParent(app).withProjectDir(module).withName('react-native-socket-task').build()
  try {
    project.apply from: new File(module, 'build.gradle')
    assert false
  } catch (org.gradle.api.GradleScriptException error) {
    assert error.cause.message.contains('finds no react-native')
  }
}

check('CMake runs after the check for native libraries') {
  def project = evaluate([newArchEnabled: 'false'], [:], '0.73.11')
  def task = project.tasks.register('configureCMakeDebug[x86_64]').get()
  assert task.taskDependencies.getDependencies(task)*.name == ['checkNativeParts']
}

check('the native libraries are built by the script for it') {
  def project = evaluate([reactNativeArchitectures: 'arm64-v8a'], [:])
  def build = project.tasks.getByName('buildNativeLibraries')
  assert build instanceof Exec
  assert build.commandLine.size() == 3
  assert new File(build.commandLine[0]).canExecute()
  assert build.commandLine[1..2] == [new File(module, 'src/main/jniLibs').path, 'arm64-v8a']
  assert build.taskDependencies.getDependencies(build)*.name == ['copyVerifier']
  def copy = project.tasks.getByName('copyVerifier')
  assert copy.commandLine[0] == 'node'
  assert new File(copy.commandLine[1]).exists()
}

check('a build without a native library says what is missing') {
  def project = evaluate([reactNativeArchitectures: 'mips'], [:])
  def preBuild = project.tasks.getByName('preBuild')
  assert preBuild.taskDependencies.getDependencies(preBuild)*.name == ['checkNativeParts']
  def task = project.tasks.getByName('checkNativeParts')
  try {
    task.actions.each { it.execute(task) }
    assert false
  } catch (org.gradle.api.GradleException error) {
    assert error.message.contains('no native part for: mips')
  }
}

folder.deleteDir()
// Gradle's threads would go on.
System.exit(failed == 0 ? 0 : 1)
