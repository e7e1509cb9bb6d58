//! Any text as .env.app, and any text as a value in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scalr_model::env::{self, VariableValue};

fuzz_target!(|input: (&str, &str)| {
    let (text, value) = input;
    let Ok(before) = env::parse(text) else {
        assert!(env::set(text, "KEY", value).is_err());
        return;
    };
    let after = match env::set(text, "KEY", value) {
        Ok(after) => after,
        // Behind a value without a name no line can be written.
        Err(_) => return assert!(before.last().is_some_and(|last| last.key.is_empty()), "{text:?}"),
    };
    let variables = env::parse(&after).expect("what was written can be read");
    let written = env::get(&variables, "KEY").expect("the variable is there");
    if !value.contains('\0') {
        assert_eq!(written.value, VariableValue::Literal(value.to_owned()), "{text:?} -> {after:?}");
    }
    for variable in before.iter().filter(|variable| variable.key != "KEY") {
        let now = env::get(&variables, &variable.key).expect("no variable is lost");
        let then = env::get(&before, &variable.key).expect("it was there");
        assert_eq!(now.value, then.value, "{text:?} -> {after:?}");
    }
});
