//! English milestones beside the list of actions: what is done for, to or with somebody, and whatever is done by a date.

use super::action::ends_in_action;

/// What opens the words that say to whom, where or for what something is done.
const PREPOSITIONS: &[&str] =
    &[" to ", " for ", " on ", " with ", " in ", " at ", " across ", " through ", " within ", " into ", " as "];

/// Words that may bound, so that what they stand in is no plain deed.
const BOUNDS: &[&str] = &[
    "least",
    "most",
    "than",
    "zero",
    "half",
    "percent",
    "more",
    "less",
    "fewer",
    "all",
    "every",
    "each",
    "target",
    "average",
    "no",
    "not",
    "never",
    "last",
    "previous",
    "reduced",
    "increased",
    "improved",
    "maintained",
    "satisfied",
    "raised",
    "lowered",
    "decreased",
    "exceeded",
    "sustained",
    "kept",
    "halved",
    "doubled",
    "cut",
    "grown",
    "limited",
    "strengthened",
    "enhanced",
    "promoted",
    "supported",
    "encouraged",
    "protected",
    "late",
    "overdue",
    "outstanding",
    "free",
    "lost",
    "due",
    "engaged",
    "empowered",
    "informed",
    "valued",
    "connected",
    "everyone",
    "anyone",
];

/// Those to whom something is submitted, presented or opened.
const BODIES: &[&str] = &[
    "council",
    "cabinet",
    "committee",
    "public",
    "board",
    "executive",
    "assembly",
    "members",
    "minister",
    "ministers",
    "parliament",
    "government",
    "ministry",
    "community",
    "councillors",
    "mayor",
];

/// How a text ends that says what is done, where it says by when: contract award, consultation closes.
const DATED_ENDS: &[&str] = &[
    "closes",
    "opens",
    "begins",
    "starts",
    "ends",
    "launches",
    "commences",
    "concludes",
    "let",
    "sign-off",
    "award",
    "approval",
    "on site",
    "go-live",
    "handover",
    "consultation",
    "demolition",
    "relocation",
    "refurbishment",
    "procurement",
    "rollout",
    "roll-out",
    "opening",
    "start",
    "completion",
];

/// Verbs that open something to be done, where the text says by when.
pub(super) const DATED_VERBS: &[&str] = &[
    "agree",
    "appoint",
    "approve",
    "award",
    "build",
    "commission",
    "confirm",
    "create",
    "deliver",
    "design",
    "develop",
    "draft",
    "finalise",
    "finalize",
    "install",
    "issue",
    "move",
    "prepare",
    "present",
    "procure",
    "produce",
    "publish",
    "refresh",
    "refurbish",
    "relaunch",
    "relocate",
    "reopen",
    "replace",
    "report",
    "restore",
    "review",
    "roll",
    "secure",
    "select",
    "sign",
    "start",
    "begin",
    "test",
    "trial",
    "pilot",
    "transfer",
    "update",
    "upgrade",
    "undertake",
    "carry",
    "conduct",
    "convene",
    "digitise",
    "digitize",
];

/// `opened to the public`, `published for consultation`, and with a date whatever has been done (`Depot demolished`) or is to be done
/// (`Prepare a play strategy`).
pub(super) fn is_done_to_others(lower: &str, dated: bool) -> bool {
    // Delivered on time: how, rather than that it is.
    if [" on time", " in time", " budget ", "within budget", "on budget", "to budget", "to standard"]
        .iter()
        .any(|how| lower.contains(how))
    {
        return false;
    }
    if holds_another_figure(lower) || lower.contains([':', ';', '%']) {
        return false;
    }
    let mut words =
        lower.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\'' | '’')).filter(|word| !word.is_empty());
    if words.clone().count() > 24 || words.clone().any(|word| BOUNDS.contains(&word)) {
        return false;
    }
    let first = words.next().unwrap_or("");
    let second = words.next().unwrap_or("");
    let vague = ["deliver", "develop", "create", "build", "secure", "move", "start", "begin", "report", "undertake"]
        .contains(&first);
    let named =
        ["a", "an", "the", "new", "our", "its", "draft", "final", "revised", "updated", "phase"].contains(&second);
    // Begin operation in April, start of works
    let begun = matches!(first, "begin" | "start" | "commence" | "beginning" | "commencement") && !second.is_empty();
    if dated && begun {
        return true;
    }
    // Review the Local Plan: with an article, something that is over once it is done.
    if DATED_VERBS.contains(&first) && !second.is_empty() && if dated { named || !vague } else { named && !vague } {
        return true;
    }
    let done = |head: &str| {
        let last = head.rsplit(' ').next().unwrap_or(head);
        ends_in_action(head) || dated && head.contains(' ') && super::amount::is_participle(last)
    };
    if dated
        && DATED_ENDS
            .iter()
            .any(|end| lower.strip_suffix(end).is_some_and(|front| !front.ends_with(|c: char| c.is_alphanumeric())))
    {
        return true;
    }
    // Draft strategy to Council
    if dated
        && let Some((head, whom)) = lower.rsplit_once(" to ")
        && BODIES.contains(&whom.trim_start_matches("the ").trim_start_matches("full "))
        && head.contains(' ')
    {
        return true;
    }
    if !dated {
        // Without a date only what is laid before somebody, or opened to them.
        let mut parts = lower.rsplitn(2, " to ");
        let (whom, head) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let whom = whom.rsplit(' ').next().unwrap_or(whom);
        return BODIES.contains(&whom) && head.ends_with("ed") && done(head);
    }
    done(lower)
        || PREPOSITIONS
            .iter()
            .any(|word| lower.match_indices(word).take(3).any(|(at, _)| done(lower.get(..at).unwrap_or(""))))
}

/// Whether a text holds a figure that does not tell one of several from another: phase 2, platform 4.
fn holds_another_figure(lower: &str) -> bool {
    let figure = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let mut before = "";
    lower.split(' ').any(|word| {
        figure(word) && !super::english_counted::is_numbered(std::mem::replace(&mut before, word)) || {
            before = word;
            false
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_to_somebody_is_done_and_what_is_to_be_done_needs_a_date() {
        for (text, dated, done) in [
            ("pool opened to the public", false, true),
            ("draft plan published for consultation", true, true),
            ("draft plan published for consultation", false, false),
            ("depot demolished", true, true),
            ("depot demolished", false, false),
            ("prepare a play strategy", true, true),
            ("complaints reduced", true, false),
            ("services delivered on time", true, false),
        ] {
            assert_eq!(is_done_to_others(text, dated), done, "{text}");
        }
    }
}
