//! The yearly cycle: a department submits what it reports at a checkpoint, somebody else returns or approves it, and what is published
//! changes by errata only.

use chrono::NaiveDate;

use super::access::Deed;
use super::words::words;
use super::{Bilingual, Outlook, Progress};

words! {
    /// How far a submission has come.
    SubmissionState {
        /// It is being written.
        Draft = "draft",
        /// It waits for a decision.
        Submitted = "submitted",
        /// It came back with comments.
        Returned = "returned",
        /// Somebody else has agreed.
        Approved = "approved",
        /// It is out.
        Published = "published",
    }
}

words! {
    /// What can be done with a submission.
    SubmissionStep {
        /// The department hands it in.
        Submit = "submit",
        /// The approver gives it back with comments.
        Return = "return",
        /// The approver agrees.
        Approve = "approve",
        /// The approver puts it out.
        Publish = "publish",
        /// The approver lets it come late.
        Extend = "extend",
    }
}

impl SubmissionState {
    /// Where a step leads; `None` where it cannot be done.
    ///
    /// ```
    /// use mikomi::domain::submission::{SubmissionStep, SubmissionState};
    ///
    /// assert_eq!(SubmissionState::Submitted.after(SubmissionStep::Return), Some(SubmissionState::Returned));
    /// assert_eq!(SubmissionState::Published.after(SubmissionStep::Return), None);
    /// ```
    pub const fn after(self, step: SubmissionStep) -> Option<Self> {
        match (self, step) {
            (Self::Draft | Self::Returned, SubmissionStep::Submit) => Some(Self::Submitted),
            (Self::Submitted | Self::Approved, SubmissionStep::Return) => Some(Self::Returned),
            (Self::Submitted, SubmissionStep::Approve) => Some(Self::Approved),
            (Self::Approved, SubmissionStep::Publish) => Some(Self::Published),
            (Self::Draft | Self::Returned, SubmissionStep::Extend) => Some(self),
            _ => None,
        }
    }

    /// What can be done now.
    pub fn steps(self) -> Vec<SubmissionStep> {
        SubmissionStep::ALL.iter().copied().filter(|step| self.after(*step).is_some()).collect()
    }

    /// Whether what was reported stands still.
    pub const fn is_locked(self) -> bool {
        matches!(self, Self::Submitted | Self::Approved | Self::Published)
    }
}

impl SubmissionStep {
    /// What it is to do it.
    pub const fn deed(self) -> Deed {
        match self {
            Self::Submit => Deed::Report,
            Self::Return | Self::Approve | Self::Publish | Self::Extend => Deed::Approve,
        }
    }
}

/// When a checkpoint takes what is submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// The first day.
    pub opens: Option<NaiveDate>,
    /// The last day.
    pub closes: Option<NaiveDate>,
    /// The last day for somebody who may come late.
    pub extended_until: Option<NaiveDate>,
}

/// Why nothing is taken today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// Not before this day.
    NotYet(NaiveDate),
    /// Not after this day.
    Over(NaiveDate),
}

impl Window {
    /// The last day that counts.
    pub fn last(&self) -> Option<NaiveDate> {
        self.closes.map(|closes| self.extended_until.map_or(closes, |extended| extended.max(closes)))
    }

    /// Whether something is taken on a day.
    ///
    /// # Errors
    /// Why not.
    pub fn admits(&self, day: NaiveDate) -> Result<(), Shut> {
        match (self.opens, self.last()) {
            (Some(opens), _) if day < opens => Err(Shut::NotYet(opens)),
            (_, Some(last)) if day > last => Err(Shut::Over(last)),
            _ => Ok(()),
        }
    }

    /// By how many days something of a day is late; 0 where it is not.
    pub fn late_by(&self, day: NaiveDate) -> i64 {
        self.last().map_or(0, |last| (day - last).num_days().max(0))
    }
}

words! {
    /// What is missing of a report.
    MissingPart {
        /// The review (振り返り) itself.
        Review = "review",
        /// The declared outlook (目標達成見込).
        Outlook = "outlook",
        /// The declared progress (取組の進捗).
        Progress = "progress",
        /// The issue and the measure against it (課題・改善策).
        IssuesAndMeasures = "issues_and_measures",
        /// A figure of this year up to the checkpoint's day, or why there is none.
        Actual = "actual",
    }
}

impl MissingPart {
    /// Whether nothing can be submitted without it. A figure may come later than its review.
    pub const fn is_needed(self) -> bool {
        !matches!(self, Self::Actual)
    }

    /// In words.
    pub fn words(self) -> Bilingual {
        let (ja, en) = match self {
            Self::Review => ("振り返りがありません。", "There is no review."),
            Self::Outlook => ("目標達成見込の申告がありません。", "The outlook is not declared."),
            Self::Progress => ("取組の進捗の申告がありません。", "The progress is not declared."),
            Self::IssuesAndMeasures => (
                "目標未達成見込または遅れの申告には、課題と改善策が必要です。",
                "A declared miss or delay needs its issue and measure.",
            ),
            Self::Actual => (
                "今年度の実績（または実績がない理由）が、この時点までありません。",
                "There is no figure of this year up to the checkpoint, nor why there is none.",
            ),
        };
        Bilingual::new(ja, en)
    }
}

words! {
    /// What an erratum can correct.
    Corrected {
        /// A figure.
        Actuals = "actuals",
        /// An activity.
        Activities = "activities",
        /// What was declared.
        Reviews = "reviews",
    }
}

/// What an initiative has to report, as far as it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The initiative.
    pub initiative_id: String,
    /// Its number.
    pub number: String,
    /// What it declares; `None` where nothing was written.
    pub review: Option<Declared>,
    /// Its targets without a figure.
    pub without_figure: Vec<String>,
}

/// What is declared of an initiative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// Will the targets be met?
    pub outlook: Option<Outlook>,
    /// Do the activities go as scheduled?
    pub progress: Option<Progress>,
    /// Whether the issue and the measure are written down.
    pub explained: bool,
}

impl Declared {
    /// Whether the issue and the measure against it are still to be written down. The rule of the form: whoever declares a miss or a delay
    /// writes down why and what is done about it (大阪市「運営方針」様式).
    pub fn wants_explanation(self) -> bool {
        (self.outlook == Some(Outlook::Miss) || self.progress == Some(Progress::Behind)) && !self.explained
    }
}

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Of this initiative.
    pub initiative_id: String,
    /// By its number.
    pub number: String,
    /// Of this target, where it is a figure.
    pub target_id: Option<String>,
    /// What.
    pub part: MissingPart,
}

/// What is missing, initiative by initiative.
pub fn missing(duties: &[Duty]) -> Vec<Missing> {
    let of = |duty: &Duty| {
        let mut parts = Vec::new();
        match duty.review {
            None => parts.push((None, MissingPart::Review)),
            Some(declared @ Declared { outlook, progress, explained: _ }) => {
                parts.extend(outlook.is_none().then_some((None, MissingPart::Outlook)));
                parts.extend(progress.is_none().then_some((None, MissingPart::Progress)));
                parts.extend(declared.wants_explanation().then_some((None, MissingPart::IssuesAndMeasures)));
            }
        }
        parts.extend(duty.without_figure.iter().map(|target| (Some(target.clone()), MissingPart::Actual)));
        let (initiative_id, number) = (duty.initiative_id.clone(), duty.number.clone());
        parts.into_iter().map(move |(target_id, part)| Missing {
            initiative_id: initiative_id.clone(),
            number: number.clone(),
            target_id,
            part,
        })
    };
    duties.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_published_goes_nowhere_and_only_what_is_written_can_be_submitted() {
        assert_eq!(SubmissionState::Published.steps(), []);
        assert_eq!(SubmissionState::Draft.steps(), [SubmissionStep::Submit, SubmissionStep::Extend]);
        assert_eq!(SubmissionState::Submitted.steps(), [SubmissionStep::Return, SubmissionStep::Approve]);
        assert_eq!(SubmissionState::Approved.steps(), [SubmissionStep::Return, SubmissionStep::Publish]);
    }

    #[test]
    fn an_extension_moves_the_last_day_and_lateness_is_counted_from_there() {
        let window = Window { opens: Some(day("2021-10-01")), closes: Some(day("2021-10-15")), extended_until: None };
        assert_eq!(window.admits(day("2021-09-30")), Err(Shut::NotYet(day("2021-10-01"))));
        assert_eq!(window.admits(day("2021-10-15")), Ok(()));
        assert_eq!(window.admits(day("2021-10-16")), Err(Shut::Over(day("2021-10-15"))));
        assert_eq!(window.late_by(day("2021-10-18")), 3);
        let extended = Window { extended_until: Some(day("2021-10-20")), ..window };
        assert_eq!((extended.admits(day("2021-10-18")), extended.late_by(day("2021-10-18"))), (Ok(()), 0));
        assert_eq!(Window::default().admits(day("2030-01-01")), Ok(()));
    }

    #[test]
    fn a_miss_or_a_delay_has_to_be_explained() {
        let duty = |outlook, progress, explained| Duty {
            initiative_id: "i".to_owned(),
            number: "1-1-1".to_owned(),
            review: Some(Declared { outlook, progress, explained }),
            without_figure: Vec::new(),
        };
        let parts = |duty: Duty| missing(&[duty]).into_iter().map(|one| one.part).collect::<Vec<_>>();
        let (achieve, miss) = (Some(Outlook::Achieve), Some(Outlook::Miss));
        let (well, behind) = (Some(Progress::OnSchedule), Some(Progress::Behind));
        assert_eq!(parts(duty(achieve, well, false)), []);
        assert_eq!(parts(duty(miss, well, false)), [MissingPart::IssuesAndMeasures]);
        assert_eq!(parts(duty(achieve, behind, false)), [MissingPart::IssuesAndMeasures]);
        assert_eq!(parts(duty(miss, behind, true)), []);
        assert_eq!(parts(duty(None, behind, true)), [MissingPart::Outlook]);
        let nothing = Duty { review: None, without_figure: vec!["t".to_owned()], ..duty(None, None, false) };
        assert_eq!(parts(nothing), [MissingPart::Review, MissingPart::Actual]);
    }
}
