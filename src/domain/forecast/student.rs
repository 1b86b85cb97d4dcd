//! Student's t distribution for whole degrees of freedom.

/// The probability that a value of Student's t distribution with `freedom` degrees of freedom lies below `t`.
///
/// The finite sums of Abramowitz and Stegun, *Handbook of Mathematical Functions*, 26.7.3 and 26.7.4: with θ = arctan(t/√ν), the probability between
/// −t and t is sin θ·(1 + ½cos²θ + …) for even ν, and 2/π·(θ + sin θ·(cos θ + ⅔cos³θ + …)) for odd ν. No degree counts as one.
pub(super) fn below(t: f64, freedom: u32) -> f64 {
    if t.is_nan() {
        return 0.5;
    }
    if t.is_infinite() {
        return if t > 0.0 { 1.0 } else { 0.0 };
    }
    let freedom = freedom.max(1);
    let theta = (t / f64::from(freedom).sqrt()).atan();
    let (sine, cosine) = theta.sin_cos();
    let even = freedom.is_multiple_of(2);
    // The sum runs over the even or the odd powers of the cosine up to ν − 2.
    let (mut term, mut sum, mut power) = if even { (1.0, 1.0, 2) } else { (cosine, cosine, 3) };
    while power + 2 <= freedom {
        term *= cosine * cosine * f64::from(power - 1) / f64::from(power);
        sum += term;
        power += 2;
    }
    let between = match freedom {
        1 => 2.0 * theta / std::f64::consts::PI,
        _ if even => sine * sum,
        _ => 2.0 / std::f64::consts::PI * (theta + sine * sum),
    };
    (0.5 + 0.5 * between).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_tables_of_the_distribution_come_out() {
        for (freedom, t, probability) in [
            (1, 1.0, 0.75),
            (1, 6.314, 0.95),
            (2, 2.920, 0.95),
            (3, 1.638, 0.90),
            (4, 1.533, 0.90),
            (4, 2.132, 0.95),
            (5, 2.571, 0.975),
            (6, 1.440, 0.90),
            (7, 1.415, 0.90),
            (7, 3.499, 0.995),
            (30, 1.697, 0.95),
        ] {
            assert!((below(t, freedom) - probability).abs() < 2e-4, "{freedom} {t}: {}", below(t, freedom));
            assert!((below(-t, freedom) - (1.0 - probability)).abs() < 2e-4);
        }
    }

    #[test]
    fn the_ends_are_certain_and_the_middle_is_even() {
        for freedom in 0..40 {
            assert!((below(0.0, freedom) - 0.5).abs() < 1e-12);
            assert!((below(f64::INFINITY, freedom) - 1.0).abs() < 1e-12 && below(f64::NEG_INFINITY, freedom) < 1e-12);
            assert!(below(1e300, freedom) > 0.999 && below(-1e300, freedom) < 0.001);
        }
    }
}
