//! Numbers that look random and are the same for the same keys, on every machine.

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014), after the public-domain
/// code of Sebastiano Vigna, <https://prng.di.unimi.it/splitmix64.c>.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The numbers that belong to these keys.
    pub(super) fn of(keys: &[u64]) -> Self {
        keys.iter().fold(Self(0), |mut random, key| Self(random.next() ^ key))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of the numbers from `least` to `most`, both included.
    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = u128::from(most.abs_diff(least)) + 1;
        let drawn = (u128::from(self.next()) * span) >> 64;
        least + i64::try_from(drawn).unwrap_or_default()
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, chance: i64) -> bool {
        self.between(1, 100) <= chance
    }

    /// `value` times one of the percentages from `least` to `most`, rounded.
    pub(super) fn scaled(&mut self, value: i64, least: i64, most: i64) -> i64 {
        (value * self.between(least * 10, most * 10) + 500) / 1_000
    }

    /// One of several texts.
    pub(super) fn pick(&mut self, texts: &[&'static str]) -> &'static str {
        let last = i64::try_from(texts.len()).unwrap_or_default() - 1;
        usize::try_from(self.between(0, last.max(0)))
            .ok()
            .and_then(|index| texts.get(index))
            .copied()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_published_generator() {
        let mut random = Random(1_234_567);
        let first = [random.next(), random.next(), random.next()];
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn every_number_between_is_drawn_and_none_beside() {
        let mut random = Random::of(&[1, 2]);
        let drawn: std::collections::BTreeSet<i64> = (0..1_000).map(|_| random.between(-2, 3)).collect();
        assert_eq!(drawn, (-2..=3).collect());
    }
}
