# shellcheck shell=bash
# What the scripts that build for a release share; they source it, in the repository's folder. Rust and C name the files that
# they are compiled from in panics and assertions; after this no folder of this machine is among them.

no_build_paths() {
    local home=${CARGO_HOME:-$HOME/.cargo} sysroot
    sysroot=$(rustc --print sysroot)
    export RUSTFLAGS="${RUSTFLAGS:-} --remap-path-prefix=$home/registry/src=registry --remap-path-prefix=$sysroot/lib/rustlib/src/rust=rust --remap-path-prefix=$PWD=."
    export CFLAGS="${CFLAGS:-} -ffile-prefix-map=$home/registry/src=registry -ffile-prefix-map=$PWD=."
}

# rust_source: the source of Rust's standard library, which rustup fetches
rust_source() {
    [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ] || rustup --quiet component add rust-src
}

# For phones: the standard library is compiled together with the rest, without what prints backtraces, and no panic names its line,
# neither of which an app ever shows. docs/releasing.md has the figures.
small() {
    rust_source
    # Cargo's own way to compile it is not stable yet.
    export RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_unwind CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size
    export RUSTFLAGS="${RUSTFLAGS:-} -Zlocation-detail=none"
}

# names_build_paths FILE: whether it does all the same; prints some of them
names_build_paths() {
    strings -a "$1" | grep -F -e "$PWD/" -e "${CARGO_HOME:-$HOME/.cargo}/" -e "$HOME/" | head -3 | grep .
}
