//! Tables in force: they belong to the socket that installed them, and the kernel removes them when it is closed, also when
//! the process was killed. Nobody else's `flush ruleset` takes them away. (Linux 5.12 and later.)

use std::io;

use rustix::net::netlink;

use super::{MOST_RULES, Table, encode};
use crate::net::netlink::Netlink;

/// Speaks to the kernel of one namespace's packet filter, and owns the tables that it installed.
#[derive(Debug)]
pub struct FilterSocket(Netlink);

impl FilterSocket {
    /// Opens one for the namespace of this thread.
    ///
    /// # Errors
    /// The kernel has no netfilter, or a filter forbids it.
    pub fn open() -> io::Result<Self> {
        Ok(Self(Netlink::open(Some(netlink::NETFILTER))?))
    }

    /// Puts the table in force, in the place of one of the same name that nobody owns.
    ///
    /// # Errors
    /// Another socket owns a table of this name, the kernel lacks a part of nf_tables, not privileged, or too many rules.
    pub fn install(&self, table: &Table) -> io::Result<()> {
        let rules: usize = table.chains.iter().map(|chain| chain.rules.len()).sum();
        if rules > MOST_RULES {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{rules} rules, more than {MOST_RULES}"),
            ));
        }
        self.0.transact(&encode::installation(table))
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::time::Duration;

    use super::super::{Action, Chain, Condition, ConnectionCounter, Hook, Policy, Protocol, Rule};
    use super::*;
    use crate::net::namespace::{NetworkNamespace, within};

    fn table(rules: Vec<Rule>) -> Table {
        Table {
            name: "test".to_owned(),
            counters: vec![ConnectionCounter {
                name: "sources",
                sources: 16,
            }],
            chains: vec![Chain {
                name: "input",
                hook: Hook::Input,
                otherwise: Policy::Accept,
                rules,
            }],
        }
    }

    fn rule(conditions: Vec<Condition>, action: Action) -> Rule {
        Rule { conditions, action }
    }

    /// How connecting to the loopback of this namespace ends.
    fn connects(port: u16) -> Result<(), io::ErrorKind> {
        let limit = Duration::from_secs(5);
        TcpStream::connect_timeout(&([127, 0, 0, 1], port).into(), limit)
            .map(drop)
            .map_err(|error| error.kind())
    }

    #[test]
    fn the_kernel_takes_every_word() {
        let net = "10.0.0.0/8".parse().expect("a network");
        let conditions = vec![
            Condition::From("a".to_owned()),
            Condition::Source(net),
            Condition::Destination(net),
            Condition::Port(Protocol::Udp, 53),
            Condition::SourcePort(Protocol::Udp, 53),
            Condition::Protocol(Protocol::Tcp),
            Condition::Established,
            Condition::New,
            Condition::MoreConnectionsThan(5, "sources"),
        ];
        let mut table = table(
            [Action::Accept, Action::Drop, Action::Reject]
                .map(|action| rule(conditions.clone(), action))
                .to_vec(),
        );
        table.chains.push(Chain {
            name: "masquerade",
            hook: Hook::Masquerade,
            otherwise: Policy::Accept,
            rules: vec![rule(
                vec![
                    Condition::To("a".to_owned()),
                    Condition::NotTo("b".to_owned()),
                ],
                Action::Masquerade,
            )],
        });
        for (name, hook) in [("arrival", Hook::Arrival), ("departure", Hook::Departure)] {
            table.chains.push(Chain {
                name,
                hook,
                otherwise: Policy::Accept,
                rules: vec![rule(conditions[2..5].to_vec(), Action::Untrack)],
            });
        }
        table.chains.push(Chain {
            name: "forward",
            hook: Hook::Forward,
            otherwise: Policy::Drop,
            rules: Vec::new(),
        });
        NetworkNamespace::create(|| FilterSocket::open()?.install(&table)).expect("root");
    }

    #[test]
    fn a_rule_rejects_until_its_socket_is_closed() {
        let forbidden = vec![
            Condition::From("lo".to_owned()),
            Condition::Destination("127.0.0.0/8".parse().expect("a network")),
            Condition::Port(Protocol::Tcp, 80),
        ];
        let (namespace, _listeners) = NetworkNamespace::create(|| {
            Ok((
                TcpListener::bind("127.0.0.1:80")?,
                TcpListener::bind("127.0.0.1:81")?,
            ))
        })
        .expect("root");
        let filter = within(&namespace, FilterSocket::open).expect("open");
        let answers = || within(&namespace, || Ok((connects(80), connects(81))));
        filter
            .install(&table(vec![rule(forbidden, Action::Reject)]))
            .expect("install");
        let refused = Err(io::ErrorKind::HostUnreachable);
        assert_eq!(answers().expect("namespace"), (refused, Ok(())));

        let rival = within(&namespace, FilterSocket::open).expect("open");
        rival.install(&table(Vec::new())).expect_err("it is owned");
        assert_eq!(answers().expect("namespace"), (refused, Ok(())));

        filter.install(&table(Vec::new())).expect("replace");
        assert_eq!(answers().expect("namespace"), (Ok(()), Ok(())));
        drop(filter);
        rival.install(&table(Vec::new())).expect("nobody owns it");
    }

    #[test]
    fn connections_are_counted_by_source() {
        let over = vec![Condition::New, Condition::MoreConnectionsThan(3, "sources")];
        let (namespace, server) =
            NetworkNamespace::create(|| UdpSocket::bind("127.0.0.1:9")).expect("root");
        let filter = within(&namespace, FilterSocket::open).expect("open");
        filter
            .install(&table(vec![rule(over, Action::Drop)]))
            .expect("install");
        within(&namespace, || {
            for address in ["127.0.0.1:0", "127.0.0.2:0"] {
                for _ in 0..5 {
                    UdpSocket::bind(address)?.send_to(b"new", "127.0.0.1:9")?;
                }
            }
            Ok(())
        })
        .expect("send");
        server.set_nonblocking(true).expect("set");
        let arrived = std::iter::from_fn(|| server.recv_from(&mut [0; 8]).ok()).count();
        assert_eq!(arrived, 6, "three of each source");
    }

    #[test]
    fn too_many_rules_are_refused_before_the_kernel_sees_them() {
        let rules = vec![rule(Vec::new(), Action::Accept); MOST_RULES + 1];
        let (_namespace, error) = NetworkNamespace::create(|| {
            Ok(FilterSocket::open()?
                .install(&table(rules))
                .expect_err("too many"))
        })
        .expect("root");
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}
