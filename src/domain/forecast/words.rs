//! A forecast in a sentence or two, naming its figures.

use super::answer::{Assumption, Forecast, Method, Until, Working};
use super::chance::Turn;
use super::filled::{FilledBy, FilledGap};
use crate::domain::decimal::MAX_SCALE;
use crate::domain::{Bilingual, Decimal, Verdict};

/// A number as an exact decimal of so many significant digits, at least one and at most 15, as far as they lie within
/// [`MAX_SCALE`]; `None` where it is too large to keep.
///
/// ```
/// use mikomi::domain::forecast::rounded;
/// assert_eq!(rounded(1234.5678, 6), Some("1234.57".parse()?));
/// assert_eq!(rounded(-987654.0, 2), Some((-990_000).into()));
/// assert_eq!(rounded(1e-20, 6), Some(0.into()));
/// assert_eq!(rounded(f64::NAN, 6), None);
/// # Ok::<(), mikomi::domain::decimal::DecimalError>(())
/// ```
pub fn rounded(number: f64, digits: u32) -> Option<Decimal> {
    let size = number.abs();
    if size < NOTHING {
        return Some(Decimal::ZERO);
    }
    if size.is_nan() || size >= LARGEST {
        return None;
    }
    let most = i32::try_from(MAX_SCALE).ok()?;
    let magnitude = size.log10().floor() as i32;
    let places = (i32::try_from(digits.clamp(1, 15)).ok()? - 1 - magnitude).min(most);
    // Most figures are whole, and the few digits of an estimate are not finer than the machine's.
    if digits > FEW_DIGITS
        && number.fract() != 0.0
        && let Ok(behind_first) = usize::try_from(places + magnitude)
    {
        return Decimal::new(rust_decimal::Decimal::from_scientific(&format!("{number:.behind_first$e}")).ok()?).ok();
    }
    let unit = 10_f64.powi(places.abs());
    let near = match u32::try_from(places) {
        Ok(places) => rust_decimal::Decimal::new((number * unit).round_ties_even() as i64, places),
        Err(_) => {
            rust_decimal::Decimal::from((number / unit).round_ties_even() as i64 * 10_i64.pow(places.unsigned_abs()))
        }
    };
    Decimal::new(near).ok()
}

/// What is smaller than the last place that is kept by any digits.
const NOTHING: f64 = 1e-13;

/// What is as large as this has more digits in front of the point than are kept.
const LARGEST: f64 = 1e18;

/// Up to so many significant digits a binary number is rounded as exactly as anybody needs.
const FEW_DIGITS: u32 = 6;

/// As people read it: the thousands parted.
fn read(number: f64, digits: u32) -> String {
    rounded(number, digits).map_or_else(|| format!("{number:.3e}"), Decimal::grouped)
}

/// The decimals of the figures that were reported and one more: no estimate is told to be finer than that.
fn places(working: &Working) -> u32 {
    let years = working.years.iter().flat_map(|year| [Some(year.result), year.known.then_some(year.so_far)]);
    let results = working.errors.iter().map(|error| Some(error.result));
    let so_far = working.filled.as_ref().map_or(working.so_far, |filled| Some(filled.reported));
    let figures = years.chain(results).chain([so_far, working.estimate]).flatten();
    figures.filter_map(|figure| rounded(figure, 15)).map(decimals).max().map_or(MOST_PLACES, |most| most + 1)
}

/// Where nothing was reported, or a mean that goes on for ever, the significant digits alone are the limit.
const MOST_PLACES: u32 = 6;

fn decimals(figure: Decimal) -> u32 {
    figure.scale()
}

/// An estimate as people read it, to no more decimals than `places`.
fn read_to(number: f64, places: u32) -> String {
    let places = i32::try_from(places.min(MOST_PLACES)).unwrap_or_default();
    let scale = 10_f64.powi(places);
    let near = (number * scale).round() / scale;
    // Adding zero makes of a negative zero a plain one; what is too large to be rounded has no decimals.
    read(if near.is_finite() { near + 0.0 } else { number }, 4)
}

/// A reported figure as it stands; a mean that goes on for ever, to two decimals.
fn reported(figure: f64) -> String {
    let goes_on = rounded(figure, 15).is_some_and(|exact| decimals(exact) > MOST_PLACES);
    read(if goes_on && figure.abs() >= 1.0 { (figure * 100.0).round() / 100.0 } else { figure }, 15)
}

/// Why the forecast is what it is, what it says of the target and how sure that is. `unit` is the indicator's.
pub fn reason(forecast: &Forecast, unit: &str, probability: f64, verdict: Verdict) -> Bilingual {
    let Forecast { working, year_end, low, high, .. } = forecast;
    let places = places(working);
    let amount = |number: f64| format!("{}{unit}", read_to(number, places));
    let mut how = how(forecast, unit, &amount);
    if let Some(gaps) = gaps(working, &amount) {
        how = Bilingual::new(gaps.ja + &how.ja, format!("{} {}", gaps.en, how.en));
    }
    if let Some(later) = working.later {
        let running = amount(later.running_year);
        // What is added to a percentage are points.
        let points = matches!(unit.trim(), "%" | "％");
        let change_ja =
            if points { format!("{}ポイント", read_to(later.change, places)) } else { amount(later.change) };
        let change_en = match read_to(later.change, places) {
            one if points && one == "1" => "1 point".to_owned(),
            number if points => format!("{number} points"),
            _ => amount(later.change),
        };
        let years_en = match later.years {
            1 => "the year after it".to_owned(),
            years => format!("each of the {years} years after it"),
        };
        how.ja.push_str(&format!(
            "その年度は{running}の見込みで、そこから{}年、毎年{change_ja}（過去の変化の半分）ずつ進むとみます。",
            later.years
        ));
        how.en.push_str(&format!(
            " The running year is expected to come to {running}, and {years_en} to add {change_en}, half of the yearly change of the past."
        ));
    }
    if let (Some(estimate), Some(computed)) = (working.estimate, working.computed) {
        let (estimate, computed) = (amount(estimate), amount(computed));
        how.ja.push_str(&format!(
            "そこからの{computed}と担当部署の年度末見込額{estimate}との平均をとり、確率も両方の平均です。"
        ));
        how.en.push_str(&format!(
            " The mean is taken of the {computed} that follow and the department's own estimate, {estimate}, and of the probabilities of both."
        ));
    }
    let (year_end, low, high) = (amount(*year_end), amount(*low), amount(*high));
    let percent = read(100.0 * probability, 2);
    let (end_ja, end_en) = match (working.later, working.until) {
        (Some(later), Until::Day(_) | Until::YearUpTo(_)) => (
            format!("{}年度のその日は", later.fiscal_year),
            format!("At that day of fiscal year {} the figure is expected to be", later.fiscal_year),
        ),
        (Some(later), Until::YearEnd) => {
            (format!("{}年度は", later.fiscal_year), format!("Fiscal year {} is expected to end at", later.fiscal_year))
        }
        (None, Until::YearEnd) => ("年度末は".to_owned(), "The year is expected to end at".to_owned()),
        (None, Until::Day(day) | Until::YearUpTo(day)) => {
            (format!("期限の{day}は"), format!("By the deadline, {day}, the figure is expected to be"))
        }
    };
    let mut ja = format!(
        "{}{end_ja}{year_end}（5回に4回は{low}から{high}まで）の見込みで、目標を満たす確率は{percent}%です。",
        how.ja
    );
    let mut en = format!(
        "{} {end_en} {year_end} (in four of five cases between {low} and {high}); the target is met with a probability of {percent}%.",
        how.en
    );
    if verdict == Verdict::Undetermined {
        ja.push_str("積み上がる水準（ストック）は、年度の4分の3まではよく予測できないため、判定しません。");
        en.push_str(
            " Before three quarters of its year a stock cannot be foretold well enough, so there is no verdict.",
        );
    }
    for assumption in &working.assumed {
        if let Some(note) = note(*assumption) {
            ja.push_str(&note.ja);
            en.push_str(&format!(" {}", note.en));
        }
    }
    Bilingual::new(ja, en)
}

/// How much of which time is over.
fn time_over(working: &Working) -> (String, String) {
    let over = read(100.0 * working.elapsed, 3);
    match working.until {
        Until::YearEnd => (format!("年度の{over}%"), format!("{over}% of the year")),
        // The same day of the running year.
        Until::Day(day) | Until::YearUpTo(day) if working.later.is_some() => {
            (format!("{day}までの{over}%"), format!("{over}% of the time up to {day}"))
        }
        Until::Day(day) => (format!("期限（{day}）までの{over}%"), format!("{over}% of the time up to {day}")),
        Until::YearUpTo(day) => {
            (format!("期限（{day}）までの1年の{over}%"), format!("{over}% of the year up to {day}"))
        }
    }
}

fn how(forecast: &Forecast, unit: &str, amount: &impl Fn(f64) -> String) -> Bilingual {
    let Forecast { method, working, .. } = forecast;
    let (over_ja, over_en) = time_over(working);
    // What is assumed is told no finer than any estimate.
    let so_far = working.so_far.map(|figure| match working.filled {
        Some(_) => amount(figure),
        None => format!("{}{unit}", reported(figure)),
    });
    let so_far = so_far.unwrap_or_default();
    let (usual, last) = (amount(working.by_usual), amount(working.by_last_year));
    let last_year = working.last_year.map(|year| year.to_string()).unwrap_or_default();
    match working.later.map_or(*method, |later| later.method) {
        Method::UsualShare => {
            let share = read(100.0 * working.usual_share.unwrap_or(working.elapsed), 3);
            let (years_ja, years_en) = years(working);
            let stated = working.assumed.contains(&Assumption::ShareStated);
            let (basis_ja, basis_en) = match (working.years.is_empty(), stated) {
                (false, _) => (format!("{years_ja}からみて"), format!("by {years_en}")),
                (true, true) => ("示された割合からみて".to_owned(), "by the stated share".to_owned()),
                (true, false) => ("均等に進むとみて".to_owned(), "at an even pace".to_owned()),
            };
            let (whole_ja, whole_en) = match working.until {
                Until::YearEnd => ("年間", "a year"),
                Until::Day(_) | Until::YearUpTo(_) => ("期限まで", "what comes until then"),
            };
            let growth = working.growth.map(|growth| read(growth, 3));
            let (last_ja, last_en) = match growth {
                Some(growth) => (
                    format!("、{last_year}年度（同じ時点の{growth}倍）のその後からは{last}"),
                    format!(" and {last} by what {last_year} still brought ({growth} times that year so far)"),
                ),
                None => (String::new(), String::new()),
            };
            if working.average {
                return Bilingual::new(
                    format!("{over_ja}が過ぎて平均{so_far}です。{basis_ja}{usual}{last_ja}です。"),
                    format!("With {over_en} over the average is {so_far}, {basis_en} that makes {usual}{last_en}."),
                );
            }
            let are = if so_far.trim_end_matches(unit) == "1" { "is" } else { "are" };
            Bilingual::new(
                format!(
                    "{over_ja}が過ぎて{so_far}で、{basis_ja}{whole_ja}の{share}%に当たります。それによれば{usual}{last_ja}です。"
                ),
                format!(
                    "With {over_en} over there {are} {so_far}, {basis_en} {share}% of {whole_en}, which makes {usual}{last_en}."
                ),
            )
        }
        Method::UsualDifference if working.last_year.is_none() && working.usual_share.is_none() => Bilingual::new(
            format!("{over_ja}が過ぎて{so_far}です。均等に進むとみて{usual}です。"),
            format!("With {over_en} over the figure is {so_far}, which at an even pace makes {usual}."),
        ),
        Method::UsualDifference if working.last_year.is_none() => Bilingual::new(
            format!("{over_ja}が過ぎて{so_far}です。"),
            format!("With {over_en} over the figure is {so_far}."),
        ),
        // A balance, which has no share of the year.
        Method::UsualDifference if working.usual_share.is_none() => {
            let rest = amount(working.last_rest.unwrap_or_default());
            Bilingual::new(
                format!(
                    "{over_ja}が過ぎて{so_far}です。マイナスにもなりうる値なので、過去の年度がその後にもたらした分の平均{rest}を足して{usual}です。"
                ),
                format!(
                    "With {over_en} over the figure is {so_far}. It can be negative, so what earlier years still brought after this point is added, on average {rest}: {usual}."
                ),
            )
        }
        Method::UsualDifference => Bilingual::new(
            format!(
                "{over_ja}が過ぎて{so_far}です。例年のその後の変化からは{usual}、{last_year}年度の残りの水準からは{last}です。"
            ),
            format!(
                "With {over_en} over the figure is {so_far}: {usual} by the usual change after that, {last} by the level of {last_year}."
            ),
        ),
        Method::Pace => {
            let (since_ja, since_en) = match working.until {
                Until::YearEnd => ("前年度末", "last year's end"),
                Until::Day(_) | Until::YearUpTo(_) => ("前年の同じ日", "the same day last year"),
            };
            let (usual_ja, usual_en) = match working.years.is_empty() {
                true => (String::new(), String::new()),
                false => (
                    format!("、例年のその後の進み方では{usual}"),
                    format!(", {usual} by what usually comes after that"),
                ),
            };
            Bilingual::new(
                format!(
                    "{over_ja}が過ぎて{so_far}です。{since_ja}からの進み方では{last}{usual_ja}です。この先まったく進まない場合と、その2倍進む場合とを、同じくらいありうるとみています。"
                ),
                format!(
                    "With {over_en} over the level is {so_far}: {last} at the pace since {since_en}{usual_en}. That nothing more comes and that twice as much does are taken to be equally likely."
                ),
            )
        }
        Method::Extreme => {
            let (most_ja, most_en) = if forecast.chances.ways().any(|spread| spread.turn == Turn::Falls) {
                ("最低", "lowest")
            } else {
                ("最高", "highest")
            };
            Bilingual::new(
                format!(
                    "{over_ja}が過ぎて、ここまでの{most_ja}は{so_far}です。例年のその後の動きからは{usual}、過去の年度の結果の平均からは{last}です。"
                ),
                format!(
                    "With {over_en} over the {most_en} is {so_far}: {usual} by what usually comes after that, {last} by the mean result of earlier years."
                ),
            )
        }
        Method::Estimate => {
            let estimate = amount(working.estimate.unwrap_or(forecast.year_end));
            Bilingual::new(
                format!("今年度の実績からは見込めないため、担当部署の年度末見込額{estimate}によります。"),
                format!(
                    "This year's figures tell nothing yet, so this rests on the department's own estimate of the result, {estimate}."
                ),
            )
        }
        // A later year is carried on from one of the others.
        Method::Trend => Bilingual::new("", ""),
        Method::PastYears => {
            let (years_ja, years_en) = years(working);
            Bilingual::new(
                format!("今年度の実績はまだなく、{years_ja}（最後の結果は{last}）だけから見込んでいます。"),
                format!(
                    "Nothing is reported of this year yet; this rests on past years only ({years_en}, the last result {last})."
                ),
            )
        }
    }
}

/// What is assumed for periods that nothing is reported of.
fn gaps(working: &Working, amount: &impl Fn(f64) -> String) -> Option<Bilingual> {
    let filled = working.filled.as_ref()?;
    let one = |gap: &FilledGap| {
        let assumed = amount(gap.amount);
        let (by_ja, by_en) = match gap.by {
            FilledBy::UsualShare => {
                let (years_ja, years_en) = span(gap.years.iter().map(|year| year.fiscal_year));
                (format!("{years_ja}の割合から"), format!("by its share in {years_en}"))
            }
            FilledBy::Beside => {
                ("前後の期間から均等に".to_owned(), "evenly with what is reported beside it".to_owned())
            }
        };
        let Bilingual { ja, en } = &gap.name;
        (format!("{ja}は{by_ja}{assumed}"), format!("{assumed} for {en} ({by_en})"))
    };
    let (ja, en): (Vec<String>, Vec<String>) = filled.gaps.iter().map(one).unzip();
    let whole = amount(filled.whole());
    Some(Bilingual::new(
        format!("報告のない期間を仮の値で補い（{}）、合わせて{whole}とします。実績ではありません。", ja.join("、")),
        format!("What is not reported is assumed: {}, which makes {whole} in all; that is no actual.", en.join(", ")),
    ))
}

/// The years that were looked at.
fn years(working: &Working) -> (String, String) {
    span(working.years.iter().map(|year| year.fiscal_year))
}

fn span(all: impl Iterator<Item = i32> + Clone) -> (String, String) {
    let all = || all.clone();
    match (all().min(), all().max()) {
        (Some(first), Some(last)) if first < last => {
            (format!("{first}〜{last}年度の実績"), format!("the results of {first} to {last}"))
        }
        (Some(year), _) => (format!("{year}年度の実績"), format!("the result of {year}")),
        _ => ("過去の年度".to_owned(), "earlier years".to_owned()),
    }
}

fn note(assumption: Assumption) -> Option<Bilingual> {
    match assumption {
        Assumption::OnlyAnnualResults => Some(Bilingual::new(
            "過去の年度は年間の結果しかわからないため、誤差を大きくみています。",
            "Of earlier years only the results are known, so the error is taken to be larger.",
        )),
        Assumption::NoEarlierYear => Some(Bilingual::new(
            "過去の年度の実績がないため、誤差を大きくみています。",
            "No earlier year is known, so the error is taken to be larger.",
        )),
        Assumption::GrowthLimited => Some(Bilingual::new(
            "前年度からの増減が極端なため、0.2倍から5倍の範囲に抑えています。",
            "The change from last year is extreme and is limited to between a fifth and five times.",
        )),
        Assumption::FewCounted => Some(Bilingual::new(
            "母数が2,000未満のため、ここまでの割合を重くみています。",
            "Fewer than 2,000 are counted, so the percentage so far weighs more.",
        )),
        Assumption::BetweenPoints => Some(Bilingual::new(
            "過去の年度の同じ時点の値は、その前後の値から均等に進んだものとみています。",
            "The figures of earlier years at the same point are taken evenly between those before and after it.",
        )),
        Assumption::EvenPace | Assumption::ShareStated => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::prelude::ToPrimitive;

    use super::*;

    proptest! {
        #[test]
        fn a_rounded_number_is_off_by_half_of_its_last_digit_at_most(
            mantissa in -1e6..1e6_f64, exponent in -18..12_i32, digits in 1..=15_u32, whole in any::<bool>(),
        ) {
            let number = mantissa * 10_f64.powi(exponent);
            let number = if whole { number.trunc() } else { number };
            let found = rounded(number, digits).expect("it is small enough");
            let last = 10_f64.powi(number.abs().max(1e-300).log10().floor() as i32 + 1 - digits as i32).max(1e-12);
            let off = (found.to_f64().expect("a number") - number).abs();
            prop_assert!(off <= last * 0.5 + number.abs() * 1e-15, "{number:e} to {digits}: {found}");
            let mantissa = found.normalize().mantissa().unsigned_abs().to_string();
            prop_assert!(mantissa.trim_end_matches('0').len() <= digits as usize, "{number:e} to {digits}: {found}");
        }
    }
}
