# Reads SocketTask.podspec as CocoaPods would, with React Native's own install_modules_dependencies, and holds what it
# says against the files and versions there are:
#
#   ruby tests/ios/podspec.rb REACT_NATIVE ARCHITECTURE    the folder of React Native's package; old or new
#
# CocoaPods itself is in none of the registries that the tests install from. `Spec` below knows the attributes of its
# language that a podspec may use, and refuses every other one.
require 'json'

ROOT = File.expand_path('../..', __dir__)
ATTRIBUTES = %w[
  name version summary description license authors homepage source platforms source_files public_header_files
  private_header_files exclude_files vendored_frameworks resource_bundles frameworks libraries requires_arc
  compiler_flags pod_target_xcconfig swift_version static_framework
].freeze

module Pod
  # A podspec's attributes and dependencies.
  class Spec
    attr_reader :attributes, :dependencies

    def initialize
      @attributes = {}
      @dependencies = []
      yield self
    end

    def dependency(name, *_versions)
      @dependencies << name
    end

    # What React Native's scripts read.
    def to_hash
      @attributes
    end

    def method_missing(name, *values)
      key = name.to_s.chomp('=')
      raise NoMethodError, "a podspec has no #{key}" unless ATTRIBUTES.include?(key)
      return @attributes[key] if values.empty?

      @attributes[key] = values.length == 1 ? values.first : values
    end

    def respond_to_missing?(name, _include_private = false)
      ATTRIBUTES.include?(name.to_s.chomp('='))
    end
  end

  # What React Native's scripts say while they run.
  module UI
    def self.method_missing(*) end
    def self.respond_to_missing?(*)
      true
    end
  end
end

@failed = 0
def check(name)
  problem = begin
    yield ? nil : 'does not hold'
  rescue StandardError, ScriptError => e
    "#{e.class}: #{e.message.lines.first}"
  end
  @failed += 1 if problem
  puts "#{problem ? 'not ok' : 'ok'} podspec, #{VERSION}, #{ARCHITECTURE}: #{name}#{problem && "\n    #{problem}"}"
end

def glob(patterns)
  Array(patterns).flatten.to_h { |pattern| [pattern, Dir.glob(pattern, base: ROOT)] }
end

package = JSON.parse(File.read("#{ROOT}/package.json"))
cargo_version = File.read("#{ROOT}/Cargo.toml")[/^version = "(.*)"/, 1]
deployment_target = File.read("#{ROOT}/scripts/ios/build-xcframework")[/IPHONEOS_DEPLOYMENT_TARGET=(\S+)/, 1]

react_native = File.expand_path(ARGV.fetch(0))
VERSION = File.basename(react_native)
ARCHITECTURE = ARGV.fetch(1)
ENV['RCT_NEW_ARCH_ENABLED'] = ARCHITECTURE == 'new' ? '1' : '0'

def read_podspec
  eval(File.read("#{ROOT}/SocketTask.podspec"), binding, "#{ROOT}/SocketTask.podspec")
end

# As a tool reads it that has none of React Native's scripts.
plain = nil
check('is read without React Native') { plain = read_podspec }

# Of the first file only the functions that a podspec calls, and what they call: the rest needs CocoaPods.
pods = File.read("#{react_native}/scripts/react_native_pods.rb")
%w[new_architecture rndependencies rncore].each do |name|
  file = "#{react_native}/scripts/cocoapods/#{name}.rb"
  require file if pods.include?("/cocoapods/#{name}.rb'")
end
pods.scan(/^def (?:install_modules_dependencies|min_ios_version_supported|get_folly_config)\b.*?^end$/m) { |text| eval(text) }
$FOLLY_VERSION = pods[/\$FOLLY_VERSION = '(.*)'/, 1]
minimum = min_ios_version_supported

spec = nil
check('is read') { spec = read_podspec }
exit(1) unless spec && plain

it = spec.attributes
search = Array(it['pod_target_xcconfig']['HEADER_SEARCH_PATHS']).join(' ')
# The pods that have the headers which ios/ and cpp/ include, and what these link to.
OURS = %w[React-Core React-callinvoker React-jsi React-NativeModulesApple ReactCommon/turbomodule/core].freeze
check('depends on the pods whose headers it includes') { (OURS - spec.dependencies).empty? && (OURS - plain.dependencies).empty? }
check('has what React Native adds') do
  (spec.dependencies - plain.dependencies).any? &&
    search.include?('$(PODS_TARGET_SRCROOT)/include') && search.include?('Yoga')
end
check('is compiled for the architecture of the app') do
  it['compiler_flags'].include?('-DRCT_NEW_ARCH_ENABLED=1') == (ARCHITECTURE == 'new')
end
check('is for C++20') { it['pod_target_xcconfig']['CLANG_CXX_LANGUAGE_STANDARD'] == 'c++20' }
check('asks for the iOS that React Native asks for, and by itself for the one that the library is built for') do
  it['platforms'] == { ios: minimum } && plain.attributes['platforms'] == { ios: deployment_target } &&
    Gem::Version.new(deployment_target) <= Gem::Version.new(minimum)
end
check('has what CocoaPods insists on') do
  %w[name version summary license authors homepage source].all? { |key| !it[key].to_s.empty? } &&
    File.file?("#{ROOT}/#{it['license'][:file]}")
end
check('has the version of package.json and Cargo.toml') { it['version'] == package['version'] && it['version'] == cargo_version }
check('has a file for each pattern') do
  found = glob([it['source_files'], it['public_header_files'], it['resource_bundles'].values])
  empty = found.select { |_, files| files.empty? }.keys
  raise "nothing for #{empty}" unless empty.empty?

  true
end
sources = glob(it['source_files']).values.flatten
check('has every source of ios/ and cpp/, and no other') do
  wanted = Dir.glob(['ios/*.{h,m,mm}', 'cpp/**/*.{h,cpp}', 'include/*.h'], base: ROOT)
  raise "#{(wanted - sources) + (sources - wanted)}" unless wanted.sort == sources.sort

  true
end
check('finds every header that the sources include by its file name') do
  paths = search.scan(%r{\$\(PODS_TARGET_SRCROOT\)/([^"]*)"}).flatten
  missing = sources.flat_map do |file|
    File.read("#{ROOT}/#{file}").scan(/^#(?:import|include) "(.*)"/).flatten.reject do |name|
      [File.dirname(file), *paths].any? { |folder| File.file?("#{ROOT}/#{folder}/#{name}") }
    end
  end
  raise "#{missing}" unless missing.empty?

  true
end
check('has no two headers of one name, since CocoaPods puts all into one folder') do
  names = sources.grep(/\.h$/).map { |file| File.basename(file).downcase }
  names.uniq.size == names.size
end
check('has no header with a name of the system, which it would hide from all others in that folder') do
  system = Dir.glob(['/usr/include/*.h', '/usr/lib/llvm-*/lib/clang/*/include/*.h']).map { |file| File.basename(file).downcase }
  names = sources.grep(/\.h$/).map { |file| File.basename(file).downcase }
  raise "#{names & system}" unless system.include?('limits.h') && (names & system).empty?

  true
end
check('shows the C interface and the Objective-C one, and no header that includes what it does not show') do
  headers = glob(it['public_header_files']).values.flatten
  of_c = %w[<stdbool.h> <stddef.h> <stdint.h>]
  (%w[ios/STSocketTask.h include/socket_task.h] - headers).empty? && headers.all? do |header|
    File.read("#{ROOT}/#{header}").scan(/^#(?:import|include) (.*)/).flatten.all? do |name|
      [*of_c, '<Foundation/Foundation.h>'].include?(name) || headers.include?("ios/#{name.delete('"')}")
    end
  end
end
check('is a module') { it['pod_target_xcconfig']['DEFINES_MODULE'] == 'YES' }
check('names the frameworks that the sources import') do
  imported = sources.flat_map { |file| File.read("#{ROOT}/#{file}").scan(%r{^#import <(\w+)/}) }.flatten.uniq
  ours = imported - %w[Foundation React ReactCommon cxxreact jsi react]
  raise "#{ours}" unless (ours - it['frameworks']).empty?

  true
end
check('takes the framework from where it is built to') do
  File.read("#{ROOT}/scripts/ios/build-xcframework").include?("framework=#{it['vendored_frameworks']}\n")
end
check('is packed, with all that it names') do
  kept = package['files'].flat_map { |pattern| Dir.glob([pattern, "#{pattern}/**/*"], base: ROOT) }
  missing = [*sources, 'SocketTask.podspec', 'ios/PrivacyInfo.xcprivacy'] - kept
  raise "not in \"files\": #{missing}" unless missing.empty?

  true
end
exit(@failed.zero? ? 0 : 1)
