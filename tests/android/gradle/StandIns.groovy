// In the place of the plugins for Android and of React Native, which need the Android SDK.
import org.gradle.api.Plugin
import org.gradle.api.Project

/** Keeps what a block of the Android plugin's language says: "a.b" to its arguments. */
class Block {
  final Map<String, List> said
  final String before

  Block(Map<String, List> said, String before) {
    this.said = said
    this.before = before
  }

  void propertyMissing(String name, value) {
    said[before + name] = [value]
  }

  /** What was said before, for `+=`. */
  def propertyMissing(String name) {
    said[before + name]?.first() ?: []
  }

  def methodMissing(String name, arguments) {
    def list = arguments as List
    if (list.size() == 1 && list[0] instanceof Closure) {
      def block = list[0].clone()
      block.delegate = new Block(said, before + name + '.')
      block.resolveStrategy = Closure.DELEGATE_FIRST
      block.call()
    } else {
      said[before + name] = list
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
  void apply(Project project) {
    project.extensions.add('react', 'what the plugin of React Native adds')
  }
}
