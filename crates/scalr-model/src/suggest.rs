//! "Did you mean …": the nearest valid word.

/// The nearest candidate to `found`, or `None` if none is near enough. Case and
/// the choice between `-` and `_` cost nothing, two neighbours swapped cost one.
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let found = plain(found);
    // A third of the word may be wrong: `prots` is `ports`, `db` is not `id`.
    let limit = (found.chars().count().max(3) / 3).min(4);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&found, &plain(candidate)), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A name that was typed and that nothing has, with the nearest one that something has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} `{name}`{}", .meant.as_ref().map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default())]
pub struct UnknownName {
    problem: &'static str,
    name: String,
    meant: Option<String>,
}

impl UnknownName {
    /// `problem` is the sentence before the name, such as "no app has the slug".
    pub fn new<'a>(problem: &'static str, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        let meant = nearest(name, candidates).map(str::to_owned);
        Self { problem, name: name.to_owned(), meant }
    }
}

/// At most this many searches through all apps, since a hundred errors usually have one cause.
const MANY: usize = 100;

/// Suggestions out of a set that grows with the repository. After [`MANY`] there are no more, so that
/// a broken repository costs linear time.
#[derive(Debug, Default)]
pub(crate) struct Hints(usize);

impl Hints {
    /// Like [`nearest`], up to the limit.
    pub(crate) fn nearest<'a, I: IntoIterator<Item = &'a str>>(
        &mut self,
        found: &str,
        candidates: impl FnOnce() -> I,
    ) -> Option<&'a str> {
        self.0 += 1;
        if self.0 > MANY { None } else { nearest(found, candidates()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Hints, MANY, nearest};

    #[test]
    fn candidates_are_compared_a_limited_number_of_times() {
        let (mut hints, mut compared) = (Hints::default(), 0);
        for number in 0..10 * MANY {
            let hint = hints.nearest("slog", || {
                compared += 1;
                ["slug"]
            });
            assert_eq!(hint.is_some(), number < MANY);
        }
        assert_eq!(compared, MANY);
    }

    #[test]
    fn finds_what_was_meant() {
        let keys = ["ports", "slug", "depends_on", "description", "kind"];
        for (found, meant) in [
            ("prots", Some("ports")),
            ("dependsOn", Some("depends_on")),
            ("depends-on", Some("depends_on")),
            ("desciption", Some("description")),
            ("Slug", Some("slug")),
            ("xyzzy", None),
            ("", None),
        ] {
            assert_eq!(nearest(found, keys), meant, "{found}");
        }
    }
}
