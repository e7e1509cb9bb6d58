//! Plain tables: columns as wide as their widest cell, two spaces between them.

use super::styles::{self, paint};

/// A table with a heading. An empty cell shows as `-`, so that every row has the same number of
/// words.
#[must_use]
pub(crate) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let shown = |cell: &str| if cell.is_empty() { "-".to_owned() } else { cell.to_owned() };
    let widths: Vec<usize> = heading
        .iter()
        .enumerate()
        .map(|(at, title)| {
            let cells = rows.iter().map(|row| console::measure_text_width(&shown(&row[at])));
            cells.chain([title.len()]).max().unwrap_or_default()
        })
        .collect();
    let line = |cells: Vec<String>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| {
            let gap = width.saturating_sub(console::measure_text_width(cell));
            format!("{cell}{}", " ".repeat(gap))
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut out = paint(styles::FAINT, line(heading.iter().map(|title| (*title).to_owned()).collect()));
    out.push('\n');
    for row in rows {
        out += &line(row.iter().map(|cell| shown(cell)).collect());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_line_up_also_with_wide_characters() {
        let rows = [vec!["漢字".into(), "x".into()], vec!["a".into(), String::new()]];
        let text = anstream::adapter::strip_str(&table(&["NAME", "P"], &rows)).to_string();
        assert_eq!(text, "NAME  P\n漢字  x\na     -\n");
    }
}
