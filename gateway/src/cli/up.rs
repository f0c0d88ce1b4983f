//! `hearth up`: opens what is kept, finds what the host has, serves until a signal, and drains.
//!
//! Order of the end: no new connection, running requests and invocations finish (bounded), then sandboxes end, then what is buffered
//! is written.

use std::fs::{File, TryLockError};
use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use invoker::python::{LibraryProvider, PythonConfig, Restriction};
use invoker::{Interpreter, Invoker, InvokerConfig, Networks, RestrictionName};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;
use tracing_subscriber::EnvFilter;

use crate::api::Services;
use crate::clock::Clock;
use crate::config::{Config, Isolation};
use crate::dispatch::Dispatcher;
use crate::function::libraries::SharedLibraries;
use crate::function::requirements::Requirements;
use crate::function::{Registry, RegistryConfig};
use crate::host::{self, Host};
use crate::invocation::{Runner, RunnerConfig};
use crate::log::Logs;
use crate::metric::Metrics;
use crate::record::Records;
use crate::router;
use crate::server::Server;
use crate::shutdown::{self, Tasks};
use crate::store::{self, Store};

/// How long, after the drain, connections and long-lived tasks have to end.
const CLOSE_GRACE: Duration = Duration::from_secs(5);
/// The part of the sandboxes' memory that may be used, beside it, by sandboxes that are made ahead; and as much by images of functions.
const AHEAD_PART: u64 = 16;

/// Serves until a signal.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let stop = shutdown::stop_signal().context("install the signal handlers")?;
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&config.log))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    router::prepare();
    let _lock = lock(&config.data)?;
    let tasks = Tasks::default();
    let (services, inner) = open(&config, &tasks).await?;
    let services = Arc::new(services);
    require(&config, services.invoker.isolation())?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("listen on {} (--listen)", config.listen))?;
    let address = listener
        .local_addr()
        .context("read the listening address")?;
    let operations = TaskTracker::new();
    let server = Server::new(Dispatcher {
        services: Arc::clone(&services),
        region: config.region.clone(),
        host_names: config.host_names.clone(),
        tasks: operations.clone(),
    });
    let connections = Tasks::default();
    let grace = config.drain + CLOSE_GRACE;
    if let Some(inner) = inner {
        let server = Arc::clone(&server);
        connections.spawn(server.serve(inner, connections.closing(), grace));
    }
    connections.spawn(server.serve(listener, connections.closing(), grace));
    greet(&format!("http://{address}"), &services.invoker);

    let signal = stop.await;
    tracing::info!(signal, "stopping");
    drain(&config, &services, &connections, &operations, &tasks).await;
    Ok(())
}

async fn drain(
    config: &Config,
    services: &Services,
    connections: &Tasks,
    operations: &TaskTracker,
    tasks: &Tasks,
) {
    services.logs.end_sessions();
    // The server closes its listener at once; its running requests end when their invocations do.
    let requests = connections.close(config.drain + CLOSE_GRACE);
    let work = async {
        services.runner.drain(config.drain).await;
        services.registry.drain(CLOSE_GRACE).await;
        services.invoker.drain(Duration::ZERO).await;
    };
    let (requests_ended, ()) = tokio::join!(requests, work);
    operations.close();
    let _ = tokio::time::timeout(CLOSE_GRACE, operations.wait()).await;
    let tasks_ended = tasks.close(CLOSE_GRACE).await;
    services.logs.flush().await;
    services.metrics.flush().await;
    services.records.flush().await;
    tracing::info!(requests_ended, tasks_ended, "stopped");
}

/// Takes the data folder for this process; the lock ends with it, however it ends.
fn lock(folder: &Path) -> anyhow::Result<File> {
    let shown = folder.display();
    std::fs::create_dir_all(folder)
        .with_context(|| format!("make the data folder {shown} (--data)"))?;
    let path = folder.join("lock");
    let file = File::create(&path)
        .with_context(|| format!("write to the data folder {shown} (--data)"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => anyhow::bail!(
            "the data folder {shown} is in use by another hearth: stop that one, or name another folder with --data"
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("lock {}", path.display()))
        }
    }
}

/// The services, and where functions reach them, when these have a network of their own.
async fn open(config: &Config, tasks: &Tasks) -> anyhow::Result<(Services, Option<TcpListener>)> {
    let clock = Clock::system();
    let started_ms = clock.now_ms();
    let (store, interpreters) = tokio::join!(
        store::sqlite::open(&config.data),
        invoker::discover(&config.python)
    );
    let store = store.with_context(|| format!("open the data folder {}", config.data.display()))?;
    let requirements = Arc::new(Requirements::new(config.data.join("requirements")));
    let networks = networks(config).await;
    let inner = functions_listener(&networks, config.listen.port())?;
    let functions_endpoint = match &inner {
        Some(listener) => Some(format!("http://{}", listener.local_addr()?)),
        None => None,
    };
    let invoker = Arc::new(invoker(config, interpreters, &requirements, networks)?);
    let logs = Logs::open(store.clone(), clock.clone())
        .await
        .context("open the logs")?;
    let metrics = Metrics::open(store.clone(), clock.clone())
        .await
        .context("open the metrics")?;
    tasks.spawn(Arc::clone(&logs).maintain(tasks.closing()));
    tasks.spawn(Arc::clone(&metrics).maintain(tasks.closing()));
    let records = Records::new(store.clone(), clock.clone());
    tasks.spawn(Arc::clone(&records).maintain(tasks.closing()));
    let registry = registry(config, &store, &clock, &invoker, requirements).await?;
    let runner = Runner::start(RunnerConfig {
        registry: Arc::clone(&registry),
        invoker: Arc::clone(&invoker),
        logs: Arc::clone(&logs),
        metrics: Arc::clone(&metrics),
        records: Arc::clone(&records),
        store: store.clone(),
        clock: clock.clone(),
        account_concurrency: config.account_concurrency,
        async_retry_delay: config.async_retry_delay,
        functions_endpoint,
    });
    let services = Services {
        host: Host::of(config, invoker.interpreters(), &invoker),
        started_ms,
        registry,
        runner,
        logs,
        metrics,
        records,
        invoker,
        store,
        clock,
    };
    Ok((services, inner))
}

async fn networks(config: &Config) -> Arc<Networks> {
    Arc::new(
        if config.without.contains(&RestrictionName::NetworkNamespace) {
            Networks::of_the_host()
        } else {
            Networks::open(&instance(&config.data), &config.network).await
        },
    )
}

/// Listens within the functions' network; at another port, where `port` is taken there.
fn functions_listener(networks: &Networks, port: u16) -> anyhow::Result<Option<TcpListener>> {
    if networks.endpoint_address().is_none() {
        return Ok(None);
    }
    let listener = networks
        .listen(port)
        .or_else(|_| networks.listen(0))
        .context("listen for functions")?;
    listener
        .set_nonblocking(true)
        .context("listen for functions")?;
    let listener = TcpListener::from_std(listener).context("listen for functions")?;
    Ok(Some(listener))
}

async fn registry(
    config: &Config,
    store: &Store,
    clock: &Clock,
    invoker: &Arc<Invoker>,
    requirements: Arc<Requirements>,
) -> anyhow::Result<Arc<Registry>> {
    Registry::open(RegistryConfig {
        store: store.clone(),
        clock: clock.clone(),
        invoker: Arc::clone(invoker),
        requirements,
        account_concurrency: config.account_concurrency,
    })
    .await
    .context("open the functions")
}

fn invoker(
    config: &Config,
    interpreters: Vec<Interpreter>,
    requirements: &Arc<Requirements>,
    networks: Arc<Networks>,
) -> anyhow::Result<Invoker> {
    let shared = SharedLibraries::new(
        config.data.join("libraries"),
        &interpreters,
        Arc::clone(requirements),
    )
    .context("make the folders of shared libraries")?;
    let libraries: Arc<dyn LibraryProvider> = Arc::new(shared);
    let invoker_config = InvokerConfig {
        pool: host::pool_config(config),
        python: PythonConfig {
            state_dir: config.data.join("run"),
            instance: instance(&config.data),
            libraries: Some(libraries),
            networks,
            without: config.without.clone(),
            blanks_mib: config.memory_mib / AHEAD_PART,
            images_mib: config.memory_mib / AHEAD_PART,
        },
    };
    Invoker::new(invoker_config, interpreters).context("prepare the sandboxes")
}

/// The same for each start on a data folder, so that a start clears what a killed predecessor left.
fn instance(data: &Path) -> String {
    let path = std::fs::canonicalize(data).unwrap_or_else(|_| data.to_owned());
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn require(config: &Config, restrictions: &[Restriction]) -> anyhow::Result<()> {
    let left_out: Vec<&str> = config.without.iter().map(|name| name.name()).collect();
    let missing: Vec<String> = restrictions
        .iter()
        .filter(|restriction| !restriction.in_force)
        .map(|restriction| format!("{}: {}", restriction.name, restriction.detail))
        .collect();
    if config.isolation == Isolation::Required && !missing.is_empty() {
        anyhow::bail!(
            "functions would run without {} (--isolation best-effort starts all the same)",
            missing.join("; ")
        );
    }
    if !left_out.is_empty() {
        tracing::warn!("sandboxes run without: {}", left_out.join(", "));
    } else if !missing.is_empty() {
        tracing::warn!(
            missing = missing.join("; "),
            "functions run with less isolation than hearth can give"
        );
    }
    Ok(())
}

/// Says where to call, what was found, and a line to try.
fn greet(endpoint: &str, invoker: &Invoker) {
    let runtimes: Vec<String> = invoker
        .interpreters()
        .iter()
        .map(|interpreter| {
            format!(
                "python{} ({})",
                interpreter.version, interpreter.full_version
            )
        })
        .collect();
    let runtimes = match runtimes.is_empty() {
        true => "none found: install Python 3.9 or newer, or name one with --python".to_owned(),
        false => runtimes.join(", "),
    };
    let (held, missing): (Vec<_>, Vec<_>) = invoker
        .isolation()
        .iter()
        .partition(|restriction| restriction.in_force);
    let names = |restrictions: &[&Restriction]| -> String {
        let names: Vec<&str> = restrictions
            .iter()
            .map(|restriction| restriction.name)
            .collect();
        names.join(", ")
    };
    println!("Endpoint:   {endpoint}");
    println!("Console:    {endpoint}/console/");
    println!("Runtimes:   {runtimes}");
    println!("Isolation:  {}", names(&held));
    if !missing.is_empty() {
        println!("  missing:  {} (see hearth doctor)", names(&missing));
    }
    println!(
        "Try:        curl -X PUT '{endpoint}/hearth/functions/hello?blueprint=hello-world-python' && \
              curl -d '{{\"key1\": \"value1\", \"key2\": \"value2\", \"key3\": \"value3\"}}' {endpoint}/2015-03-31/functions/hello/invocations"
    );
}
