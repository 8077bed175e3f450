//! The commands of a page, run as a reader would type them.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::chapter::{Block, blocks};
use crate::Outcome;
use crate::process::{binary, capture};

/// Runs the commands of one page; returns how many there were.
pub fn run(root: &Path, page: &Path, scratch: &Path) -> Outcome<usize> {
    let text = fs::read_to_string(page).map_err(|error| format!("{}: {error}", page.display()))?;
    let steps: Vec<Block> = blocks(&text)
        .into_iter()
        .filter(|block| file(&block.info).is_some() || is_console(&block.info))
        .collect();
    if !steps.iter().any(|block| is_console(&block.info)) {
        return Ok(0);
    }
    let folder = scratch.join(page.file_stem().unwrap_or_default());
    let _ = fs::remove_dir_all(&folder);
    copy(&root.join("examples"), &folder.join("examples")).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut count = 0;
    for step in &steps {
        let place = format!("{}:{}", page.display(), step.line);
        if let Some(name) = file(&step.info) {
            fs::write(folder.join(name), step.content.join("\n") + "\n").map_err(|error| format!("{place}: {error}"))?;
            continue;
        }
        for line in step.content.iter().filter_map(|line| line.strip_prefix("$ ")).filter_map(runnable) {
            println!("   {}: {line}", page.file_name().unwrap_or_default().to_string_lossy());
            shell(root, &folder, &line, exit(&step.info)).map_err(|error| format!("{place}: `{line}`: {error}"))?;
            count += 1;
        }
    }
    Ok(count)
}

fn is_console(info: &str) -> bool {
    info.split(',').next() == Some("console")
}

fn file(info: &str) -> Option<&str> {
    info.split(',')
        .find_map(|word| word.strip_prefix("file="))
        .filter(|name| !name.contains(['/', '\\']))
}

fn exit(info: &str) -> i32 {
    info.split(',')
        .find_map(|word| word.strip_prefix("exit=")?.parse().ok())
        .unwrap_or(0)
}

/// The line with the installed program in place of a build; commands that fetch or test the project itself are not run here.
fn runnable(line: &str) -> Option<String> {
    if ["git ", "cargo xtask", "cargo install", "cd "]
        .iter()
        .any(|start| line.starts_with(start))
    {
        return None;
    }
    Some(line.replace("cargo run --release -- ", "cellwright "))
}

fn shell(root: &Path, folder: &Path, line: &str, wanted: i32) -> Outcome<()> {
    let binary = binary(root);
    let mut path = binary.parent().unwrap_or(root).as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let finished = capture(Command::new("sh").args(["-c", line]).current_dir(folder).env("PATH", path))?;
    if finished.code == Some(wanted) {
        return Ok(());
    }
    Err(format!(
        "exit code {:?} where {wanted} is promised\n{}{}",
        finished.code, finished.stdout, finished.stderr
    ))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_and_run_line_becomes_a_run() {
        assert_eq!(
            runnable("cargo run --release -- run a.toml").as_deref(),
            Some("cellwright run a.toml")
        );
        assert_eq!(runnable("cargo xtask test"), None);
    }

    #[test]
    fn the_words_after_a_fence_are_understood() {
        assert_eq!((exit("console"), exit("console,exit=2")), (0, 2));
        assert_eq!(file("toml,file=my-cell.toml"), Some("my-cell.toml"));
        assert_eq!(file("toml,file=../my-cell.toml"), None);
        assert!(is_console("console,exit=2") && !is_console("text"));
    }
}
