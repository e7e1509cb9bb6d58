//! The binary itself.

use std::process::Command;

#[test]
#[cfg(target_os = "linux")]
fn it_needs_nothing_but_the_c_library_at_run_time() {
    let ran = Command::new("ldd").arg(env!("CARGO_BIN_EXE_scalr")).output().unwrap();
    assert!(ran.status.success());
    let text = String::from_utf8(ran.stdout).unwrap();
    let of_glibc_or_gcc =
        ["linux-vdso", "libc.", "libm.", "libdl.", "libpthread.", "librt.", "libgcc_s.", "ld-linux"];
    for line in text.lines().map(str::trim) {
        let file = line.split_whitespace().next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        assert!(of_glibc_or_gcc.iter().any(|name| file.starts_with(name)), "it needs {line}");
    }
}
