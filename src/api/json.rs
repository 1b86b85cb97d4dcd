//! JSON as it is received: exact numbers, and no member given twice.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::problem::{Code, Problem};
use crate::domain::Decimal;

/// Reads a document.
///
/// # Errors
/// [`Code::MalformedJson`], with the line and the column.
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    strict(bytes).map_err(|error| {
        Problem::new(Code::MalformedJson).detail(
            format!("{}行{}列: {error}", error.line(), error.column()),
            format!("Line {}, column {}: {error}", error.line(), error.column()),
        )
    })
}

/// Reads a line of a file as `T`, by the same rules.
///
/// # Errors
/// Why it is none, for those who wrote the file.
pub fn read<T: DeserializeOwned>(line: &[u8]) -> Result<T, String> {
    strict(line).and_then(serde_json::from_value).map_err(|error| error.to_string())
}

fn strict(bytes: &[u8]) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }.deserialize(&mut deserializer)?;
    deserializer.end().map(|()| value)
}

/// Builds a [`Value`] like serde_json does, but refuses an object in which a name occurs twice (RFC 8259 leaves open
/// which one counts), and what is nested deeper than [`DEEPEST`].
#[derive(Clone, Copy)]
struct Strict {
    /// How many arrays and objects it is in.
    depth: usize,
}

/// How deep a document may nest. A plan document is some 10 deep; and what was received can stand in an answer that those can
/// still read who stop at 128, as serde_json does.
const DEEPEST: usize = 64;

impl Strict {
    /// For what is in an array or object.
    fn inside<E: Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if depth > DEEPEST { Err(E::custom(format!("nested more than {DEEPEST} deep"))) } else { Ok(Self { depth }) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The name under which serde_json hands over a number that is kept as text.
const EXACT_NUMBER: &str = "$serde_json::private::Number";

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if name == EXACT_NUMBER && object.is_empty() {
                let digits: String = members.next_value()?;
                return number(&digits).map(Value::Number).map_err(A::Error::custom);
            }
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("`{name}` is given twice")));
            }
            object.insert(name, members.next_value_seed(self.inside()?)?);
        }
        Ok(Value::Object(object))
    }
}

/// A number with its digits, but a whole one without point and exponent: `2021.0` is an integer as much as `2021`
/// (JSON Schema 2020-12, core, section 4.2.3).
fn number(digits: &str) -> serde_json::Result<Number> {
    if !digits.contains(['.', 'e', 'E']) {
        return digits.parse();
    }
    let whole = digits.parse::<Decimal>().ok().map(|value| value.to_string()).filter(|text| !text.contains('.'));
    whole.as_deref().unwrap_or(digits).parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_a_member_given_twice_is_refused() {
        let value = parse(br#"{"a": [1, -2, 12345678901234567.123456789, true, null, "x"]}"#).unwrap();
        assert_eq!(value.to_string(), r#"{"a":[1,-2,12345678901234567.123456789,true,null,"x"]}"#);
        let value = parse(b"[2021.0, 2.021e3, -0.0, 12.90, 1e-3, 123456789012345678901, 1e400]").unwrap();
        assert_eq!(value.to_string(), "[2021,2021,0,12.90,1e-3,123456789012345678901,1e+400]");
        let nested = |depth| "[".repeat(depth) + "1.5" + &"]".repeat(depth);
        assert!(parse(nested(DEEPEST).as_bytes()).is_ok());
        assert_eq!(parse(nested(DEEPEST + 1).as_bytes()).unwrap_err().code(), Code::MalformedJson);
        for text in ["", "{", "{}x", r#"{"a":1,"a":2}"#, "\u{feff}{}", "NaN"] {
            assert_eq!(parse(text.as_bytes()).unwrap_err().code(), Code::MalformedJson, "{text}");
        }
    }
}
