//! The command line of Cellwright: arguments in, findings and results out, exit code by kind of error.

mod arguments;
mod codes;
mod commands;
mod help;
mod messages;
mod progress;
mod summary;
mod terminal;

use arguments::{Command, Request};
use messages::Messages;
use std::process::ExitCode;

fn main() -> ExitCode {
    let request = match arguments::parse(std::env::args_os().skip(1)) {
        Ok(request) => request,
        Err((finding, globals)) => {
            let mut messages = Messages::new(&globals);
            messages.report(&finding);
            return exit(finding.kind.exit_code());
        }
    };
    let Request { command, globals } = request;
    let mut messages = Messages::new(&globals);
    exit(match command {
        Command::Help(topic) => messages.print(help::text(topic)),
        Command::Version => messages.print(concat!("cellwright ", env!("CARGO_PKG_VERSION"), "\n")),
        Command::New(directory, architecture) => commands::new::run(&directory, architecture.as_deref(), &mut messages),
        Command::Build(build) => commands::build::run(build, &globals, &mut messages),
        Command::Check(design) => commands::check::run(&design, &globals, &mut messages),
        Command::Run(run) => commands::run::run(*run, &globals, &mut messages),
        Command::Compare(compare) => commands::compare::run(compare, &globals, &mut messages),
        Command::MaterialsList(filter) => commands::materials::list(&filter, &globals, &mut messages),
        Command::MaterialsShow(name) => commands::materials::show(&name, &globals, &mut messages),
        Command::Validate(name) => commands::validate::run(name.as_deref(), &globals, &mut messages),
        Command::Schema => messages.print(&format!("{:#}\n", cellwright::design::schema())),
        Command::Explain(code) => commands::explain::run(code.as_deref(), &mut messages),
    })
}

fn exit(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
