//! Exact decimals, from JSON to the database and back without a detour through floating point.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};

/// How many significant digits a value may have. Fifteen is what a spreadsheet keeps; eighteen leaves room for sums.
pub const MAX_DIGITS: u32 = 18;
/// How many of them may stand after the decimal point.
pub const MAX_SCALE: u32 = 12;

/// An exact decimal with at most [`MAX_DIGITS`] significant digits, of which at most [`MAX_SCALE`] after the point.
///
/// Its text is canonical: no exponent, no trailing zeros, no plus sign, no negative zero; equal values have equal text.
///
/// ```
/// use mikomi::domain::Decimal;
/// let value: Decimal = "0012.90".parse()?;
/// assert_eq!(value.to_string(), "12.9");
/// assert_eq!(serde_json::from_str::<Decimal>("12.9")?, value);
/// assert_eq!(serde_json::to_string(&value)?, r#""12.9""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(rust_decimal::Decimal);

/// Why a text is not a [`Decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// It is no number at all.
    #[error("not a decimal number")]
    NotANumber,
    /// It has more digits than can be kept exactly.
    #[error("more than {MAX_DIGITS} significant digits, or more than {MAX_SCALE} after the point")]
    TooManyDigits,
}

impl Decimal {
    /// Zero, which is a value.
    pub const ZERO: Self = Self(rust_decimal::Decimal::ZERO);

    /// Keeps a computed value, if it has not outgrown what is kept exactly.
    ///
    /// # Errors
    /// [`DecimalError::TooManyDigits`] past the limits of the type.
    pub fn new(value: rust_decimal::Decimal) -> Result<Self, DecimalError> {
        let small = 10_u128.pow(MAX_DIGITS);
        if value.scale() == 0 && !value.is_zero() && value.mantissa().unsigned_abs() < small {
            return Ok(Self(value));
        }
        let value = value.normalize();
        let digits = value.mantissa().unsigned_abs().checked_ilog10().map_or(1, |log| log + 1);
        if digits > MAX_DIGITS || value.scale() > MAX_SCALE {
            return Err(DecimalError::TooManyDigits);
        }
        Ok(Self(if value.is_zero() { rust_decimal::Decimal::ZERO } else { value }))
    }

    /// The exact sum, unless it outgrows what is kept exactly.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(|sum| Self::new(sum).ok())
    }

    /// The exact difference, unless it outgrows what is kept exactly.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated())
    }

    /// The product, rounded to what is kept; `None` when it is too large.
    pub fn times(self, other: Self) -> Option<Self> {
        self.0.checked_mul(other.0).and_then(Self::rounded)
    }

    /// The quotient, rounded to what is kept; `None` for a division by zero or a quotient that is too large.
    pub fn over(self, other: Self) -> Option<Self> {
        self.0.checked_div(other.0).and_then(Self::rounded)
    }

    /// The same number with the other sign.
    pub fn negated(self) -> Self {
        if self.0.is_zero() { self } else { Self(-self.0) }
    }

    /// The number without its sign.
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// Half a unit of the last significant digit: how far a number that was rounded to it may be from the true one.
    ///
    /// ```
    /// use mikomi::domain::Decimal;
    /// assert_eq!(Decimal::from(3000).rounding_error(), 500.into());
    /// assert_eq!("12.9".parse::<Decimal>()?.rounding_error(), "0.05".parse()?);
    /// # Ok::<(), mikomi::domain::decimal::DecimalError>(())
    /// ```
    pub fn rounding_error(self) -> Self {
        let half = rust_decimal::Decimal::new(5, 1);
        let mut mantissa = self.0.mantissa();
        let mut unit = rust_decimal::Decimal::try_from_i128_with_scale(1, self.0.scale()).unwrap_or_default();
        while mantissa != 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            unit = unit.checked_mul(rust_decimal::Decimal::TEN).unwrap_or(unit);
        }
        unit.checked_mul(half).and_then(Self::rounded).unwrap_or(Self::ZERO)
    }

    /// The number as people read it, its thousands parted: `15,000` and `-1,234.5`.
    pub fn grouped(self) -> String {
        let text = self.to_string();
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", text.as_str()),
        };
        let (whole, fraction) = match unsigned.find('.') {
            Some(point) => unsigned.split_at(point),
            None => (unsigned, ""),
        };
        let mut grouped = sign.to_owned();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped + fraction
    }

    fn rounded(value: rust_decimal::Decimal) -> Option<Self> {
        let value = value.round_dp(MAX_SCALE);
        Self::new(value).or_else(|_| Self::new(value.round_sf(MAX_DIGITS).unwrap_or(value))).ok()
    }
}

impl Deref for Decimal {
    type Target = rust_decimal::Decimal;
    fn deref(&self) -> &rust_decimal::Decimal {
        &self.0
    }
}

impl From<i64> for Decimal {
    /// Meant for small whole numbers: counts and years.
    fn from(value: i64) -> Self {
        Self(rust_decimal::Decimal::from(value))
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// `[ "-" ] digits [ "." digits ] [ ( "e" | "E" ) [ sign ] digits ]`, in one pass.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().map_err(|_| DecimalError::NotANumber)?),
            None => (text, 0),
        };
        let (negative, unsigned) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        if !unsigned.starts_with(|c: char| c.is_ascii_digit()) || unsigned.ends_with('.') {
            return Err(DecimalError::NotANumber);
        }
        // The digits between the first and the last that is no zero, and the zeros behind the latter.
        let (mut significant, mut digits, mut zeros) = (0_i64, 0_u32, 0_u32);
        let (mut pointed, mut places) = (false, 0_i64);
        for byte in unsigned.bytes() {
            match byte {
                b'0'..=b'9' => {
                    places += i64::from(pointed);
                    zeros += 1;
                    if byte != b'0' {
                        digits = if digits == 0 { 1 } else { digits.saturating_add(zeros) };
                        if digits <= MAX_DIGITS {
                            let shifted = if significant == 0 { 0 } else { significant * 10_i64.pow(zeros) };
                            significant = shifted + i64::from(byte - b'0');
                        }
                        zeros = 0;
                    }
                }
                b'.' if !pointed => pointed = true,
                _ => return Err(DecimalError::NotANumber),
            }
        }
        if digits == 0 {
            return Ok(Self::ZERO);
        }
        let scale = places.saturating_sub(i64::from(zeros)).saturating_sub(exponent);
        let behind = u32::try_from(scale.max(0)).ok().filter(|behind| *behind <= MAX_SCALE);
        let ahead = u32::try_from(scale.saturating_neg().max(0))
            .ok()
            .filter(|ahead| ahead.saturating_add(digits) <= MAX_DIGITS);
        match (behind, ahead) {
            (Some(behind), Some(ahead)) => {
                let mantissa = significant * 10_i64.pow(ahead);
                Ok(Self(rust_decimal::Decimal::new(if negative { -mantissa } else { mantissa }, behind)))
            }
            _ => Err(DecimalError::TooManyDigits),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Most values are small and whole, and a machine word is written faster than ninety-six bits.
        match i64::try_from(self.0.mantissa()) {
            Ok(whole) if self.0.scale() == 0 && f.precision().is_none() => whole.fmt(f),
            _ => self.0.fmt(f),
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecimalVisitor)
    }
}

struct DecimalVisitor;

impl<'de> Visitor<'de> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal, as a string or a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Decimal, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Decimal, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Decimal, E> {
        // With exact number parsing, serde_json hands over a float only when its shortest text is the text received.
        self.visit_str(&value.to_string())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Decimal, A::Error> {
        // serde_json's form of a number that is neither an integer nor a float of the same text.
        let number = serde_json::Number::deserialize(de::value::MapAccessDeserializer::new(map))?;
        self.visit_str(&number.to_string())
    }
}

impl utoipa::PartialSchema for Decimal {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .description(Some("An exact decimal. Answers always carry a string; requests may also carry a number."))
            .item(
                ObjectBuilder::new()
                    .schema_type(SchemaType::new(Type::String))
                    .pattern(Some(r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?$")),
            )
            .item(ObjectBuilder::new().schema_type(SchemaType::new(Type::Number)))
            .examples([serde_json::json!("12.9")])
            .into()
    }
}

impl utoipa::ToSchema for Decimal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_digits_pass_json_unchanged_as_number_and_as_string() {
        for text in ["123456789012345", "0.123456789012", "-1234567890123.45", "0.1", "100000000000001"] {
            let number: Decimal = serde_json::from_str(text).expect("a number");
            let value: serde_json::Value = serde_json::from_str(text).expect("a value");
            let by_value: Decimal = serde_json::from_value(value).expect("a decimal");
            let string: Decimal = serde_json::from_str(&format!("\"{text}\"")).expect("a string");
            assert_eq!((number, by_value, string.to_string().as_str()), (string, string, text));
        }
    }

    #[test]
    fn texts_that_are_no_numbers_and_numbers_that_are_too_long_are_told_apart() {
        for text in
            ["", "-", "abc", "1,000", "1.", ".5", "--1", "1-1", "1.2.3", "NaN", "1e", "+1", " 1", "1.e5", "1e5e5"]
        {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::NotANumber), "{text}");
        }
        for text in
            ["1e300", "1e-300", "1234567890123456789", "0.1234567890123", "1e99999999999", "10e9223372036854775807"]
        {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::TooManyDigits), "{text}");
        }
        for (text, expected) in [
            ("-0.00", "0"),
            ("0e99", "0"),
            ("1.5e3", "1500"),
            ("12e-3", "0.012"),
            ("0012.9000", "12.9"),
            ("-100.0010", "-100.001"),
            ("0.100000000000000000000", "0.1"),
            ("0.000000000001", "0.000000000001"),
            ("999999999999999999", "999999999999999999"),
            ("1e17", "100000000000000000"),
        ] {
            assert_eq!(text.parse::<Decimal>().map(|value| value.to_string()).as_deref(), Ok(expected), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_number_is_read_like_rust_decimal_reads_it(text in "-?[0-9]{1,14}(\\.[0-9]{1,9})?") {
            let exact = rust_decimal::Decimal::from_str_exact(&text).expect("at most 23 digits");
            proptest::prop_assert_eq!(text.parse(), Decimal::new(exact));
        }
    }
}
