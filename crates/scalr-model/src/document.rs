//! Reads the bytes of a file as text or as a YAML tree. Errors become findings whose wording depends on the kind of
//! document.

use super::codes::Code;
use super::diagnostics::{Finding, Location, Span};
use super::places::Places;
use super::rel_path::RelPath;
use super::schema::shorten;
use super::yaml::{self, Node, YamlError, YamlProblem};

/// The largest file that is read as a document, in bytes.
pub const MAX_BYTES: u64 = 1024 * 1024;

/// A kind of YAML document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// `app.manifest.yml`.
    Manifest,
    /// The file of `new-app --answers`, YAML or JSON.
    Answers,
    /// `template.yml`.
    TemplateRules,
    ComposeFile,
}

impl DocumentKind {
    /// Reads a document of plain data: no anchors, no tags. Unusual but readable input adds to `warnings`.
    pub(crate) fn parse<'a>(
        self,
        path: &RelPath,
        bytes: &'a [u8],
        warnings: &mut Vec<Finding>,
    ) -> Result<Node<'a>, Box<Finding>> {
        let text = decode(path, bytes, warnings)?;
        yaml::parse(text).map_err(|error| Box::new(self.finding(path, &error)))
    }

    /// What is wrong with a text of this kind.
    pub(crate) fn finding(self, path: &RelPath, error: &YamlError) -> Finding {
        let at = Location::at(path, error.span);
        let place = self.place();
        match &error.problem {
            YamlProblem::Syntax(info) => {
                Finding::new(Code::YamlSyntax, at, format!("this is not YAML: {info}"))
            }
            YamlProblem::Tab => {
                Finding::new(Code::YamlSyntax, at, "this is not YAML: a tab in the indentation")
                    .help("YAML indents with spaces; replace the tab by two")
            }
            YamlProblem::Empty => {
                Finding::new(Code::FileEmpty, Location::at(path, Span::START), "the file is empty")
                    .help(self.what_belongs_here())
            }
            YamlProblem::DuplicateKey { key, first } => {
                let message = format!("the key `{}` is written twice", shorten(key));
                Finding::new(Code::YamlDuplicateKey, at, message)
                    .related(Location::at(path, *first), "first here")
                    .help("remove the one that is not meant")
            }
            YamlProblem::Alias => {
                let message = format!("anchors and aliases are not possible in {place}");
                Finding::new(Code::YamlAlias, at, message).help("write the value out")
            }
            YamlProblem::Tag(tag) => {
                let message = format!("the tag `{tag}` is not possible in {place}");
                Finding::new(Code::YamlTag, at, message).help("write the plain value")
            }
            YamlProblem::Key => Finding::new(Code::YamlKey, at, "a key must be a text"),
            YamlProblem::TooDeep => {
                Finding::new(Code::YamlTooDeep, at, "the file nests deeper than 64 levels")
            }
            YamlProblem::ManyDocuments => {
                Finding::new(Code::YamlManyDocuments, at, "a second document begins here")
                    .help(format!("{}; remove everything from this line on", self.holds_one()))
            }
        }
    }

    /// Completes "not possible in …".
    fn place(self) -> &'static str {
        match self {
            Self::Manifest => "a manifest",
            Self::Answers => "a file of answers",
            Self::TemplateRules => "template.yml",
            Self::ComposeFile => "a compose file",
        }
    }

    fn what_belongs_here(self) -> &'static str {
        match self {
            Self::Manifest => {
                "`scalr new-app` writes a complete app; `scalr schema manifest` prints what a manifest holds"
            }
            Self::Answers => "`scalr schema answers` prints what a file of answers holds",
            Self::TemplateRules => "`scalr schema template` prints what template.yml holds",
            Self::ComposeFile => "a compose file has at least the key `services`",
        }
    }

    fn holds_one(self) -> &'static str {
        match self {
            Self::Manifest => "one manifest describes one app",
            Self::Answers => "one file of answers describes one app",
            Self::TemplateRules => "template.yml holds the rules of one template",
            Self::ComposeFile => "one document is read",
        }
    }
}

/// Bytes as text without a byte order mark, for documents of any kind. Unusual but readable input adds to `warnings`.
pub fn decode<'a>(
    path: &RelPath,
    bytes: &'a [u8],
    warnings: &mut Vec<Finding>,
) -> Result<&'a str, Box<Finding>> {
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            warnings.push(Finding::new(
                Code::FileBom,
                Location::at(path, Span::START),
                "the file begins with a byte order mark",
            ));
            rest
        }
        None => bytes,
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        // Everything before the broken byte is valid, so its place can be counted.
        let (before, after) = bytes.split_at(error.valid_up_to());
        let (line, column) = Places::new(&String::from_utf8_lossy(before)).at(before.len());
        let span = Span::on_line(line, column, 1);
        let found = after.first().copied().unwrap_or_default();
        let message = format!("the file is not UTF-8: byte 0x{found:02x} begins no character");
        Box::new(
            Finding::new(Code::FileNotUtf8, Location::at(path, span), message)
                .help(format!("save it as UTF-8; if it is Latin-1: `iconv -f latin1 -t utf-8 {path}`")),
        )
    })?;
    // The byte first: almost no file has one, and this search is ten times faster.
    if text.contains('\r')
        && let Some(at) = text.find("\r\n")
    {
        let (line, column) = Places::new(text).at(at);
        let at = Location::at(path, Span::point(line, column));
        warnings.push(Finding::new(Code::FileCrlf, at, "the file has CRLF line ends"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [(DocumentKind, &str); 4] = [
        (DocumentKind::Manifest, "manifest"),
        (DocumentKind::Answers, "answers"),
        (DocumentKind::TemplateRules, "template"),
        (DocumentKind::ComposeFile, "compose file"),
    ];

    fn words(finding: &Finding) -> String {
        format!("{} {}", finding.message, finding.help.as_deref().unwrap_or_default())
    }

    #[test]
    fn each_kind_of_document_is_named_rightly() {
        let path = RelPath::new("f.yml").unwrap();
        for (kind, own) in KINDS {
            for text in ["", "a: &x 1\n", "a: !t x\n", "a: 1\n---\nb: 2\n"] {
                let said = words(&kind.finding(&path, &yaml::parse(text).unwrap_err()));
                assert!(said.contains(own) || kind == DocumentKind::ComposeFile, "{kind:?}: {said}");
                let others = KINDS.map(|(_, name)| name).into_iter().filter(|name| *name != own);
                assert!(others.clone().all(|name| !said.contains(name)), "{kind:?}: {said}");
            }
        }
    }

    #[test]
    fn what_holds_for_every_document_names_no_kind() {
        let path = RelPath::new("registered-apps.txt").unwrap();
        let error = decode(&path, b"\xef\xbb\xbfa\r\n\xff", &mut Vec::new()).unwrap_err();
        let mut findings = vec![*error];
        decode(&path, b"\xef\xbb\xbfa\r\n", &mut findings).unwrap();
        for text in ["a: [", "a:\n\tb: 1\n", "a: 1\na: 2\n", "? [a]\n: 1\n", &"[".repeat(99)] {
            findings.push(DocumentKind::Manifest.finding(&path, &yaml::parse(text).unwrap_err()));
        }
        assert_eq!(findings.len(), 8);
        for finding in &findings {
            let said = words(finding);
            assert!(KINDS.iter().all(|(_, name)| !said.contains(name)), "{said}");
        }
    }
}
