//! The value of a plain scalar by the core schema of YAML 1.2 (section 10.3.2).

use std::borrow::Cow;

use super::node::Value;

/// Resolves the text of a plain (unquoted) scalar.
pub(super) fn resolve(text: Cow<'_, str>) -> Value<'_> {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        plain => match number(plain) {
            Some(number) => Value::Number(number),
            None => Value::String(text),
        },
    }
}

/// A number of the core schema. Infinity and NaN, which JSON lacks, stay texts.
fn number(text: &str) -> Option<serde_json::Number> {
    let first = text.as_bytes().first()?;
    if !(first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.')) {
        return None;
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return radix(hex, 16);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return radix(octal, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned.bytes().all(|b| b.is_ascii_digit()) && !unsigned.is_empty() {
        let plain = text.strip_prefix('+').unwrap_or(text);
        if let Ok(value) = plain.parse::<u64>() {
            return Some(value.into());
        }
        if let Ok(value) = plain.parse::<i64>() {
            return Some(value.into());
        }
    }
    float(unsigned).then(|| text.parse().ok().and_then(serde_json::Number::from_f64)).flatten()
}

fn radix(digits: &str, radix: u32) -> Option<serde_json::Number> {
    // from_str_radix accepts a sign, which the core schema does not allow there.
    digits.bytes().all(|b| b.is_ascii_alphanumeric()).then_some(())?;
    u64::from_str_radix(digits, radix).ok().map(Into::into)
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let mantissa = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
        }
        None => !mantissa.is_empty() && digits(mantissa),
    };
    let exponent = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa && exponent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_core_schema() {
        for text in [
            "yes",
            "no",
            "on",
            "off",
            "0b1",
            "1_000",
            "2026-11-22",
            "1.2.3",
            ".inf",
            ".nan",
            "-",
            "+",
            ".",
            "e5",
            "0x",
            "0o8",
            "0x+1",
            "12:30",
        ] {
            assert_eq!(resolve(text.into()), Value::String(text.into()), "{text}");
        }
        for text in ["~", "null", "NULL", ""] {
            assert_eq!(resolve(text.into()), Value::Null, "{text}");
        }
        for (text, value) in [
            ("014", 14.0),
            ("0x10", 16.0),
            ("0o17", 15.0),
            ("-3", -3.0),
            ("+3", 3.0),
            ("1.", 1.0),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("99999999999999999999", 1e20),
        ] {
            let Value::Number(number) = resolve(text.into()) else { panic!("{text}") };
            assert_eq!(number.as_f64(), Some(value), "{text}");
        }
        assert_eq!(resolve("True".into()), Value::Bool(true));
    }
}
