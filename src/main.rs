//! The binary: parse, dispatch, exit code.

#![expect(clippy::disallowed_methods, reason = "the arguments are main's to hand on")]

use std::process::ExitCode;

use scalr_host::environment::ProcessEnvironment;

fn main() -> ExitCode {
    scalr::cli::main(std::env::args_os(), ProcessEnvironment::capture())
}
