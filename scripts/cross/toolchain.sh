# What the scripts of this folder share; they source it. Everything it fetches goes to target/cross, nothing is
# installed on the machine but Rust's own targets, by rustup.
#
#   std_for TRIPLE        the standard library: rustup's, else built from rustup's rust-src; sets build_std
#   std_source            always the source; sets build_std
#   llvm                  clang, lld and the LLVM tools, as Debian packages unpacked into target/cross; sets llvm_bin.
#                         CROSS_LLVM_BIN names a folder with such programs instead.
#   unpack PACKAGE...     the same for any Debian packages; they land in $root
#
# A Mac's bash is 3.2, where an empty array is an unset variable; android-build runs there.
#
# Each returns false and sets `why` when it cannot be had; a script then skips what needs it, with that reason.

. scripts/release/flags.sh
cargo=${CARGO:-cargo}
mkdir -p "${CARGO_TARGET_DIR:-target}/cross"
cross=$(cd "${CARGO_TARGET_DIR:-target}/cross" && pwd)
export CARGO_TARGET_DIR=${cross%/cross}
root=$cross/root
llvm_version=22
android_api=21
ios_version=13.4
why=
build_std=()

passed=0
failed=0
skipped=0
failures=()
skips=()

# step NAME COMMAND...: a command that is one check
step() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok $name"
    else
        failed=$((failed + 1))
        failures+=("$name")
        echo "not ok $name"
        return 1
    fi
}

skip() {
    skipped=$((skipped + 1))
    skips+=("$1")
    echo "skipped: $1"
}

# The last line, and the script's exit code.
sum_up() {
    local line
    for line in ${skips[@]+"${skips[@]}"}; do echo "skipped: $line"; done
    for line in ${failures[@]+"${failures[@]}"}; do echo "FAILED: $line"; done
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}

std_for() {
    build_std=()
    # Cargo has been told to compile it.
    [ -z "${CARGO_UNSTABLE_BUILD_STD:-}" ] || return 0
    unset RUSTC_BOOTSTRAP
    [ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ] && return
    if ! command -v rustup >/dev/null; then
        why="rustc has no standard library for $1, and there is no rustup to fetch it with"
        return 1
    fi
    rustup --quiet target add "$1" >"$cross/rustup.log" 2>&1 && return
    std_source || why="rustup finds neither the standard library for $1 nor its source"
    [ ${#build_std[@]} -gt 0 ]
}

std_source() {
    if rust_source >>"$cross/rustup.log" 2>&1; then
        # Cargo's own way to build it is not stable yet.
        export RUSTC_BOOTSTRAP=1
        build_std=(-Zbuild-std=std,panic_unwind)
        return
    fi
    why="rustup does not find the source of Rust's standard library"
    return 1
}

unpack() {
    local package missing=()
    for package in "$@"; do [ -e "$cross/debian/$package" ] || missing+=("$package"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
        why="${missing[*]}: Debian packages, and there is no apt-get"
        return 1
    fi
    rm -rf "$cross/download"
    mkdir -p "$cross/download" "$cross/debian" "$root"
    echo "unpacking ${missing[*]}"
    download "${missing[@]}" || { apt-get update && download "${missing[@]}"; } >>"$cross/apt.log" 2>&1
    for package in "${missing[@]}"; do
        if ! dpkg -x "$cross/download/${package}"_*.deb "$root" 2>>"$cross/apt.log"; then
            why="Debian's package $package cannot be had"
            return 1
        fi
        touch "$cross/debian/$package"
    done
    rm -rf "$cross/download"
}

download() { (cd "$cross/download" && apt-get download "$@") >"$cross/apt.log" 2>&1; }

llvm() {
    llvm_bin=${CROSS_LLVM_BIN:-}
    [ -z "$llvm_bin" ] || return 0
    # The last ones are libraries that LLVM needs and a small machine may lack.
    unpack clang-$llvm_version libclang-cpp$llvm_version libclang-common-$llvm_version-dev libllvm$llvm_version \
        lld-$llvm_version llvm-$llvm_version libz3-4 libxml2 libicu72 libedit2 libbsd0 libmd0 || return
    llvm_bin=$cross/bin
    mkdir -p "$llvm_bin"
    local program libraries=$root/usr/lib/x86_64-linux-gnu
    for program in clang ld.lld llvm-ar llvm-nm llvm-objdump llvm-otool llvm-readelf llvm-symbolizer; do
        printf '#!/bin/sh\nLD_LIBRARY_PATH=%q exec %q "$@"\n' "$libraries" "$root/usr/lib/llvm-$llvm_version/bin/$program" \
            >"$llvm_bin/$program"
        chmod +x "$llvm_bin/$program"
    done
    if ! "$llvm_bin/clang" --version >"$cross/clang.log" 2>&1; then
        why="Debian's clang-$llvm_version does not run: $(tail -1 "$cross/clang.log")"
        return 1
    fi
}

# Any libc would do for the assembler and C sources of ring, and it builds without one.
c_for() {
    local triple=$1 key=${1//-/_} flags="-nostdlibinc -DRING_CORE_NOSTDLIBINC=1"
    case $triple in
    *-android*) flags+=" --target=${triple/#armv7-/armv7a-}$android_api" ;;
    *-apple-ios*)
        # An SDK of one header: what else ring includes is the compiler's.
        mkdir -p "$cross/sdk"
        printf '#define TARGET_OS_IPHONE 1\n#define TARGET_OS_OSX 0\n' >"$cross/sdk/TargetConditionals.h"
        flags+=" -isystem $cross/sdk"
        export SDKROOT=$cross/sdk IPHONEOS_DEPLOYMENT_TARGET=$ios_version
        ;;
    esac
    [[ $triple != x86_64-* ]] || flags+=" -ffreestanding"
    export "CC_$key=$llvm_bin/clang" "AR_$key=$llvm_bin/llvm-ar" "CFLAGS_$key=$flags"
}

android_abis=(arm64-v8a armeabi-v7a x86_64 x86)

android_triple() {
    case $1 in
    arm64-v8a) echo aarch64-linux-android ;;
    armeabi-v7a) echo armv7-linux-androideabi ;;
    x86_64) echo x86_64-linux-android ;;
    x86) echo i686-linux-android ;;
    *) echo "there is no ABI $1" >&2; return 1 ;;
    esac
}
