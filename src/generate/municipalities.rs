//! Which municipalities there are: Osaka's wards, then invented ones.

use serde::Deserialize;

/// Osaka and its wards as they are.
const OSAKA: &str = include_str!("../../data/osaka-organizations.json");

/// How many wards the largest city has.
const WARDS: u32 = 24;
/// Prefectures are numbered from 1 to 47 (JIS X 0401): from here on nobody is meant.
const FIRST_INVENTED_PREFECTURE: u32 = 50;
const INVENTED_PREFECTURES: u32 = 50;

/// A municipality that has plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Municipality {
    /// Its national code.
    pub(super) code: String,
    /// Its own name: 港区.
    pub(super) name: String,
    /// The national code of its city.
    pub(super) city_code: String,
    /// The name of its city: 大阪市.
    pub(super) city: String,
}

/// A national code (全国地方公共団体コード) with its check digit: 11 less the remainder of the five digits' sum, weighted
/// with 6, 5, 4, 3, 2, divided by 11; its last digit (総務省「全国地方公共団体コード仕様」).
fn national_code(five_digits: u32) -> String {
    let digits = format!("{five_digits:05}");
    let sum: u32 = digits.bytes().zip([6, 5, 4, 3, 2]).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{digits}{}", (11 - sum % 11) % 10)
}

#[derive(Deserialize)]
struct Known {
    code: String,
    name: String,
    parent: Option<String>,
}

/// The wards of Osaka.
pub(super) fn osaka() -> Result<Vec<Municipality>, serde_json::Error> {
    let known: Vec<Known> = serde_json::from_str(OSAKA)?;
    let ward = |one: &Known| {
        let city_code = one.parent.clone()?;
        let city = known.iter().find(|other| other.code == city_code)?.name.clone();
        Some(Municipality { code: one.code.clone(), name: one.name.clone(), city_code, city })
    };
    Ok(known.iter().filter_map(ward).collect())
}

/// An invented ward, counted from 0: every 24 of them have a city.
pub(super) fn invented(number: u32) -> Municipality {
    let (city, ward) = (number / WARDS, number % WARDS);
    let prefecture = FIRST_INVENTED_PREFECTURE + city % INVENTED_PREFECTURES;
    // As the wards of designated cities are numbered: the city at 100, 125, …, its wards behind it.
    let city_code = prefecture * 1_000 + 100 + city / INVENTED_PREFECTURES * (WARDS + 1);
    Municipality {
        code: national_code(city_code + 1 + ward),
        name: format!("{}区", place(ward * 17)),
        city_code: national_code(city_code),
        city: format!("{}市", place(city)),
    }
}

/// A name for a place, a different one for each number below 420 = 20 × 21 (the two remainders tell them apart).
fn place(number: u32) -> String {
    let (first, second) = ("青白緑桜松梅朝高長北南東西春秋若大小清豊", "川山野原崎島田沢浜谷岡里森橋塚井津宮池瀬台");
    let letter = |letters: &str, index: u32| letters.chars().nth(index as usize).unwrap_or('町');
    format!("{}{}", letter(first, number % 20), letter(second, number % 21))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn check_digits_are_those_of_the_real_codes() {
        let osaka = osaka().unwrap();
        assert_eq!(osaka.len(), 24);
        let wards = osaka.iter().flat_map(|ward| [ward.code.as_str(), ward.city_code.as_str()]);
        // Sapporo, Tokyo's Chiyoda, Yokohama, Sakai, Naha, and the prefecture of Osaka.
        for real in wards.chain(["011002", "131016", "141003", "271403", "472018", "270008"]) {
            assert_eq!(national_code(real[..5].parse().unwrap()), real);
        }
    }

    #[test]
    fn invented_municipalities_are_told_apart_and_are_nobody() {
        let all: Vec<Municipality> = (0..10_000).map(invented).collect();
        let codes: HashSet<&str> = all.iter().flat_map(|one| [one.code.as_str(), one.city_code.as_str()]).collect();
        assert_eq!(codes.len(), 10_000 + 10_000_usize.div_ceil(24));
        assert!(codes.iter().all(|code| code.len() == 6 && *code >= "500000"));
        let names: HashSet<String> = all.iter().map(|one| format!("{}{}", one.city, one.name)).collect();
        assert_eq!(names.len(), 10_000);
    }
}
