require 'json'

package = JSON.parse(File.read(File.join(__dir__, 'package.json')))

Pod::Spec.new do |s|
  s.name = 'SocketTask'
  s.version = package['version']
  s.summary = package['description']
  s.license = { :type => package['license'], :file => 'LICENSE' }
  s.authors = package['author']
  s.homepage = package['homepage']
  # CocoaPods refuses a pod without it; it takes the pod's files from node_modules all the same.
  s.source = { :git => package['repository']['url'].delete_prefix('git+'), :tag => "v#{s.version}" }

  # That of the app's React Native. A tool that reads this without React Native's scripts gets the oldest one, for which
  # the library is built.
  s.platforms = { :ios => defined?(min_ios_version_supported) ? min_ios_version_supported : '13.4' }

  s.source_files = 'ios/*.{h,m,mm}', 'cpp/**/*.{h,cpp}', 'include/socket_task.h'
  # For other native modules, in Objective-C, Swift, C and C++. The rest has C++ in it, or is nobody else's business.
  s.public_header_files = 'ios/STSocketTask*.h', 'include/socket_task.h'
  s.vendored_frameworks = 'ios/SocketTask.xcframework'
  s.resource_bundles = { 'SocketTaskPrivacy' => ['ios/PrivacyInfo.xcprivacy'] }
  s.frameworks = 'CFNetwork', 'Network', 'Security', 'UIKit'
  s.requires_arc = true

  s.pod_target_xcconfig = {
    'DEFINES_MODULE' => 'YES',
    'HEADER_SEARCH_PATHS' => '"$(PODS_TARGET_SRCROOT)/cpp/doors/turbo" "$(PODS_TARGET_SRCROOT)/include"',
    'CLANG_CXX_LANGUAGE_STANDARD' => 'c++20',
  }

  # React Native's scripts add these on the New Architecture, and all others; on the old one they do not before 0.74.
  s.dependency 'React-Core'
  s.dependency 'React-callinvoker'
  s.dependency 'React-jsi'
  s.dependency 'React-NativeModulesApple'
  s.dependency 'ReactCommon/turbomodule/core'
  install_modules_dependencies(s) if defined?(install_modules_dependencies)
end
