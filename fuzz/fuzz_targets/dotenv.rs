//! Any text as .env.app, and any text as a value in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scalr::model::env::{self, Value};

fuzz_target!(|input: (&str, &str)| {
    let (text, value) = input;
    let Ok(before) = env::parse(text) else {
        assert!(env::set(text, "KEY", value).is_err());
        return;
    };
    let after = env::set(text, "KEY", value).expect("a readable file can be written to");
    let variables = env::parse(&after).expect("what was written can be read");
    let written = env::get(&variables, "KEY").expect("the variable is there");
    if !value.contains('\0') {
        assert_eq!(written.value, Value::Literal(value.to_owned()), "{text:?} -> {after:?}");
    }
    // Everybody else is as before, but a word at the very end of a text without a line end: Compose takes it for a value
    // without a name, and the line end that is written behind it makes it a name.
    for variable in before.iter().filter(|variable| variable.key != "KEY" && !variable.key.is_empty()) {
        let now = env::get(&variables, &variable.key).expect("no variable is lost");
        let then = env::get(&before, &variable.key).expect("it was there");
        assert_eq!(now.value, then.value, "{text:?} -> {after:?}");
    }
});
