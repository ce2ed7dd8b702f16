# Reads SocketTask.podspec as CocoaPods would, with React Native's own install_modules_dependencies, and holds what it
# says against the files and versions there are:
#
#   ruby tests/ios/podspec.rb REACT_NATIVE    the folder of React Native's package
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
  puts "#{problem ? 'not ok' : 'ok'} podspec, #{VERSION}: #{name}#{problem && "\n    #{problem}"}"
end

def glob(patterns)
  Array(patterns).flatten.to_h { |pattern| [pattern, Dir.glob(pattern, base: ROOT)] }
end

package = JSON.parse(File.read("#{ROOT}/package.json"))
cargo_version = File.read("#{ROOT}/Cargo.toml")[/^version = "(.*)"/, 1]
deployment_target = File.read("#{ROOT}/scripts/ios/build-xcframework")[/IPHONEOS_DEPLOYMENT_TARGET=(\S+)/, 1]

react_native = File.expand_path(ARGV.fetch(0))
VERSION = File.basename(react_native)
require "#{react_native}/scripts/cocoapods/new_architecture.rb"
minimum = Helpers::Constants.min_ios_version_supported

# These two are as in react_native_pods.rb, which needs the rest of CocoaPods.
def get_folly_config
  Helpers::Constants.folly_config
end

def install_modules_dependencies(spec)
  NewArchitectureHelper.install_modules_dependencies(spec, true)
end

spec = nil
check('is read') { spec = eval(File.read("#{ROOT}/SocketTask.podspec"), binding, "#{ROOT}/SocketTask.podspec") }
exit(1) unless spec

it = spec.attributes
check('has what React Native adds') do
  spec.dependencies.include?('React-Core') && spec.dependencies.include?('ReactCommon/turbomodule/core') &&
    it['pod_target_xcconfig']['HEADER_SEARCH_PATHS'].include?('$(PODS_TARGET_SRCROOT)/include') &&
    it['pod_target_xcconfig']['HEADER_SEARCH_PATHS'].include?('Yoga')
end
check('is for C++20') { it['pod_target_xcconfig']['CLANG_CXX_LANGUAGE_STANDARD'] == 'c++20' }
check('asks for the iOS that React Native asks for, and the library is built for') do
  it['platforms'] == { ios: minimum } && deployment_target == minimum
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
  paths = it['pod_target_xcconfig']['HEADER_SEARCH_PATHS'].scan(%r{\$\(PODS_TARGET_SRCROOT\)/([^"]*)"}).flatten
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
check('shows no header with C++ or the C interface in it') do
  headers = glob(it['public_header_files']).values.flatten
  headers.include?('ios/STSocketTask.h') && headers.all? do |header|
    File.read("#{ROOT}/#{header}").scan(/^#(?:import|include) (.*)/).flatten.all? do |name|
      name == '<Foundation/Foundation.h>' || headers.include?("ios/#{name.delete('"')}")
    end
  end
end
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
