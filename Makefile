# What a developer of socket-task types. `make` alone shows the list.

CARGO ?= cargo
TARGET := $(or $(CARGO_TARGET_DIR),target)
# `make demo URL=wss://…` talks to that server instead of starting one.
URL ?=
export DESTDIR PREFIX LIBDIR INCLUDEDIR

help:
	@sed -n 's/^## //p' Makefile

## make build         the library, shared and static, for this machine
build:
	$(CARGO) build --release --lib

## make install       library, header, pkg-config file and CMake package to PREFIX (/usr/local), below DESTDIR
install:
	CARGO="$(CARGO)" scripts/install

## make demo          a C program talks to an echo server over ws: and wss:; URL=… talks to that server instead
demo:
	scripts/setup --build
	CARGO="$(CARGO)" scripts/demo $(if $(URL),'$(URL)')

## make test          everything that can be tested on this machine; the last line has the counts
test:
	scripts/setup
	CARGO="$(CARGO)" scripts/test

## make taro          Taro's own CLI builds examples/taro, whose pages then run in React Native 0.73's bridge
taro:
	tests/taro/run cli

## make lint          format, lints of every language, the workflows, the oldest Rust: what needs no run
lint:
	scripts/setup
	CARGO="$(CARGO)" scripts/lint

## make examples      the example apps' own tools: types, Metro, expo prebuild, autolinking
examples:
	tests/examples/run

## make fuzz          the fuzz targets, TIME seconds each (60)
fuzz:
	fuzz/run $${TIME:-60}

## make chaos         1 000 sockets that reconnect, for a minute, in a network that fails in every way
chaos:
	CHAOS_CLIENTS=$${CHAOS_CLIENTS:-1000} CHAOS_SECONDS=$${CHAOS_SECONDS:-60} \
		$(CARGO) test --release --test chaos -- --nocapture

## make proof         models of threads, Miri, chaos: what takes longer than make test has time for
proof:
	CARGO="$(CARGO)" scripts/proof

## make bench         CPU time per message, beside other libraries
bench:
	bench/run

## make conformance   the Autobahn Testsuite, through the C ABI
conformance:
	conformance/run

## make android       the libraries for Android, by the NDK or linked against stubs; what they export and need
android:
	CARGO="$(CARGO)" scripts/cross/android

## make ios           the libraries for iOS, as far as they go without Xcode; what they export and need
ios:
	CARGO="$(CARGO)" scripts/cross/ios

## make react-native  the module in React Native's own libraries for Android, on Linux: every version and every way
react-native:
	tests/react-native/run all

## make libraries     the client libraries that apps use, unchanged, each with its server: tests/libraries
libraries:
	scripts/setup --all
	tests/libraries/run all

## make arm64         the Rust tests and a C program as ARM64 code, under qemu
arm64:
	CARGO="$(CARGO)" scripts/cross/arm64

## make tsan          the C programs and the Rust tests of connections under ThreadSanitizer
tsan:
	CARGO="$(CARGO)" scripts/tsan

## make header        include/socket_task.h from the sources
header:
	touch build.rs
	$(CARGO) check --lib

## make setup         the Debian packages that the tests use; `scripts/setup --all` adds the servers of other makers
setup:
	scripts/setup

.PHONY: help build install demo test bench examples fuzz lint chaos proof conformance android arm64 ios header libraries react-native setup taro tsan
