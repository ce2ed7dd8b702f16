// Evaluates android/build.gradle with Gradle's own classes, as a module of an app and alone:
//
//     BuildScript MODULE
//
// In the place of the plugins for Android and of React Native are those of StandIns.groovy, which keep what they are told.
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

def evaluate = { Map properties, Map ext ->
  def app = ProjectBuilder.builder().withProjectDir(new File(folder, "app${++apps}").tap { mkdirs() }).build()
  ext.each { name, value -> app.ext.set(name, value) }
  properties.each { name, value -> app.ext.set(name, value) }
  def project = ProjectBuilder.builder().withParent(app).withProjectDir(module).withName('react-native-socket-task').build()
  project.apply from: new File(module, 'build.gradle')
  project
}

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
