//! The binary: parse, dispatch, exit code.

#![expect(clippy::disallowed_methods, reason = "the arguments are main's to hand on")]

use std::process::ExitCode;

fn main() -> ExitCode {
    scalr::cli::main(std::env::args_os())
}
