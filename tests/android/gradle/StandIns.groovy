// In the place of the plugins for Android and of React Native, which need the Android SDK.
import org.gradle.api.Plugin
import org.gradle.api.Project

/** Keeps what a block of the Android plugin's language says: "a.b" to its arguments. */
class Block {
  final Map<String, List> said
  final String path

  Block(Map<String, List> said, String path) {
    this.said = said
    this.path = path
  }

  void propertyMissing(String name, value) {
    said[path + name] = [value]
  }

  def methodMissing(String name, arguments) {
    def list = arguments as List
    if (list.size() == 1 && list[0] instanceof Closure) {
      def block = list[0].clone()
      block.delegate = new Block(said, path + name + '.')
      block.resolveStrategy = Closure.DELEGATE_FIRST
      block.call()
    } else {
      said[path + name] = list
    }
  }
}

class AndroidExtension extends Block {
  AndroidExtension() {
    super([:], '')
  }
}

class StandInForAndroid implements Plugin<Project> {
  void apply(Project project) {
    project.extensions.add('android', new AndroidExtension())
    project.configurations.create('implementation')
    project.tasks.register('preBuild')
  }
}

class StandInForReactNative implements Plugin<Project> {
  void apply(Project project) {}
}
