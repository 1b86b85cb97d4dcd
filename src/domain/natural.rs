//! The order of numbers such as `3-10` and `R-1`, which are names.

/// A key whose plain byte order is the natural order of `number`: runs of digits compare by value, everything else
/// as it is written. No gap is assumed to mean anything.
///
/// Each run of digits becomes its length (two digits) and itself without leading zeros, so that a database can sort
/// by an indexed column.
///
/// ```
/// use mikomi::domain::natural::sort_key;
/// assert!(sort_key("3-9") < sort_key("3-10"));
/// assert!(sort_key("6-2-3") < sort_key("R-1"));
/// ```
pub fn sort_key(number: &str) -> String {
    let mut key = String::with_capacity(number.len() * 2);
    let mut rest = number;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 0 {
            let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
            let (head, tail) = rest.split_at(text);
            key.push_str(head);
            rest = tail;
        } else {
            let (head, tail) = rest.split_at(digits);
            let value = head.trim_start_matches('0');
            key.push_str(&format!("{:02}{value}", value.len().min(99)));
            rest = tail;
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::sort_key;

    #[test]
    fn numbers_are_ordered_as_a_reader_orders_them() {
        let mut numbers = ["R-1", "3-10", "6-2-3", "3-9", "10", "3-1-2", "2", "3", "3-1"];
        numbers.sort_by_key(|number| sort_key(number));
        assert_eq!(numbers, ["2", "3", "3-1", "3-1-2", "3-9", "3-10", "6-2-3", "10", "R-1"]);
    }
}
