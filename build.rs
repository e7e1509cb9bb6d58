//! How the binary is linked (docs/adr/0022).

#![expect(
    clippy::disallowed_methods,
    reason = "a build script asks the machine; the rooms are those of src/"
)]

use std::env;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if reads_packed_relocations() {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Whether the C library that the binary is linked with can read DT_RELR: glibc from 2.36 on. With an older one the
/// binary would not start.
fn reads_packed_relocations() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    // Of another machine's C library nothing is known.
    let is_native = env::var("TARGET").is_ok_and(|target| is("HOST", &target));
    is_native
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && glibc() >= Some((2, 36))
}

fn glibc() -> Option<(u32, u32)> {
    // `glibc 2.36`
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
}
