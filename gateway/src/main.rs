//! hearth: a Lambda of one's own. All of it is in the library; see `gateway::cli`.

fn main() -> std::process::ExitCode {
    gateway::cli::run()
}
