//! One page of text: its links, included snippets and fenced blocks.

use std::fs;
use std::path::Path;

use crate::Outcome;

/// A fenced block: the words after the fence, the line of the fence, the content.
pub struct Block {
    pub info: String,
    pub line: usize,
    pub content: Vec<String>,
}

/// The fenced blocks of a page, in order.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            if !open {
                found.push(Block {
                    info: info.trim().to_owned(),
                    line: index + 1,
                    content: Vec::new(),
                });
            }
            open = !open;
        } else if open && let Some(block) = found.last_mut() {
            block.content.push(line.to_owned());
        }
    }
    found
}

/// Link targets outside fenced blocks, with their line.
pub fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            open = !open;
        }
        if open {
            continue;
        }
        for part in line.split("](").skip(1) {
            if let Some((target, _)) = part.split_once(')') {
                found.push((index + 1, target.to_owned()));
            }
        }
    }
    found
}

/// What is wrong with the page's links and snippets.
pub fn check(page: &Path) -> Outcome<Vec<String>> {
    let text = fs::read_to_string(page).map_err(|error| format!("{}: {error}", page.display()))?;
    let folder = page.parent().unwrap_or(Path::new("."));
    let mut wrong = Vec::new();
    let mut report = |line: usize, what: String| wrong.push(format!("{}:{line}: {what}", page.display()));
    for (line, target) in links(&text) {
        if target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
        let aimed = if file.is_empty() { page.to_path_buf() } else { folder.join(file) };
        if !aimed.exists() {
            report(line, format!("link to {target}, which does not exist"));
        } else if !anchor.is_empty() && !fs::read_to_string(&aimed).is_ok_and(|text| headings(&text).iter().any(|slug| slug == anchor)) {
            report(line, format!("link to {target}: no such heading"));
        }
    }
    for (index, line) in text.lines().enumerate() {
        for part in line.split("{{#include ").skip(1) {
            let target = part.split("}}").next().unwrap_or_default().trim();
            let (file, anchor) = target.split_once(':').unwrap_or((target, ""));
            match fs::read_to_string(folder.join(file)) {
                Err(error) => report(index + 1, format!("includes {file}: {error}")),
                Ok(source) if !anchor.is_empty() && !source.lines().any(|line| line.trim_end().ends_with(&format!("ANCHOR: {anchor}"))) => {
                    report(index + 1, format!("includes {file}, which has no `ANCHOR: {anchor}`"));
                }
                Ok(_) => {}
            }
        }
    }
    if text.lines().filter(|line| line.trim_start().starts_with("```")).count() % 2 == 1 {
        report(0, "a fenced block is not closed".into());
    }
    Ok(wrong)
}

/// The anchors that headings get.
fn headings(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            title
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PAGE: &str = "# A first step\n[here](other.md#a-b)\n```console,exit=2\n$ cellwright check x.toml\n[not](a link)\n```\n";

    #[test]
    fn blocks_and_links_are_told_apart() {
        let blocks = blocks(PAGE);
        assert_eq!(
            (blocks[0].info.as_str(), blocks[0].line, blocks[0].content.len()),
            ("console,exit=2", 3, 2)
        );
        assert_eq!(links(PAGE), [(2, "other.md#a-b".to_owned())]);
        assert_eq!(headings(PAGE), ["a-first-step"]);
    }

    #[test]
    fn links_and_snippets_must_exist() {
        let folder = std::env::temp_dir().join(format!("xtask-chapter-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("code.toml"), "# ANCHOR: film\na = 1\n# ANCHOR_END: film\n").unwrap();
        let page = folder.join("page.md");
        fs::write(
            &page,
            "# One\n[a](#one) [b](#two) [c](none.md)\n{{#include code.toml:film}}\n{{#include code.toml:wire}}\n",
        )
        .unwrap();
        let wrong = check(&page).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(wrong[0].contains("#two") && wrong[1].contains("none.md") && wrong[2].contains("ANCHOR: wire"));
    }
}
