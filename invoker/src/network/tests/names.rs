//! Names, asked of the relay from within a sandbox; the host's nameserver is a stand-in on its loopback.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::BorrowedFd;

use invoker_linux::net::namespace::within;

use super::world::{LIMIT, World, in_world};
use crate::network::{Network, NetworkMode, NetworkSettings};

const NAMESERVER: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 53);
const QUERY: &[u8] = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x05hello";

/// What the stand-in answers: the query, marked.
fn answer_to(query: &[u8]) -> Vec<u8> {
    [query, b" there"].concat()
}

/// Asks as a resolver in the sandbox would.
fn ask_by_datagram(sandbox: BorrowedFd<'_>, relay: Ipv4Addr) -> io::Result<Vec<u8>> {
    let socket = within(sandbox, || UdpSocket::bind("0.0.0.0:0"))?;
    socket.set_read_timeout(Some(LIMIT))?;
    socket.connect((relay, 53))?;
    socket.send(QUERY)?;
    let mut answer = vec![0; 100];
    let length = socket.recv(&mut answer)?;
    answer.truncate(length);
    Ok(answer)
}

fn ask_by_stream(sandbox: BorrowedFd<'_>, relay: Ipv4Addr) -> io::Result<Vec<u8>> {
    let to = SocketAddr::from((relay, 53));
    let mut stream = within(sandbox, || TcpStream::connect_timeout(&to, LIMIT))?;
    stream.set_read_timeout(Some(LIMIT))?;
    write_message(&mut stream, QUERY)?;
    read_message(&mut stream)
}

fn write_message(stream: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    let length = u16::try_from(message.len()).expect("a short message");
    stream.write_all(&[&length.to_be_bytes(), message].concat())
}

fn read_message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut message)?;
    Ok(message)
}

#[test]
fn names_are_asked_of_the_hosts_nameserver() {
    in_world(async |_: World| {
        let network = Network::establish("test", &NetworkSettings::default())
            .await
            .expect("root");
        let lease = network.lease(NetworkMode::Outbound).await;
        let lease = lease.expect("a lease").expect("a namespace");
        let relay: Ipv4Addr = network
            .resolv_conf()
            .strip_prefix("nameserver ")
            .and_then(|rest| rest.trim_end().parse().ok())
            .expect("an address");

        let datagrams = UdpSocket::bind(NAMESERVER).expect("bind");
        let streams = TcpListener::bind(NAMESERVER).expect("bind");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut query = [0; 100];
                let (length, from) = datagrams.recv_from(&mut query).expect("a query");
                datagrams.send_to(&answer_to(&query[..length]), from)
            });
            let answer = ask_by_datagram(lease.namespace(), relay).expect("an answer");
            assert_eq!(answer, answer_to(QUERY));
            scope.spawn(|| {
                let (mut stream, _) = streams.accept().expect("a connection");
                let query = read_message(&mut stream).expect("a query");
                write_message(&mut stream, &answer_to(&query))
            });
            let answer = ask_by_stream(lease.namespace(), relay).expect("an answer");
            assert_eq!(answer, answer_to(QUERY));
        });
    });
}

#[test]
fn without_a_nameserver_the_answer_is_a_failure_at_once() {
    in_world(async |_: World| {
        let network = Network::establish("test", &NetworkSettings::default())
            .await
            .expect("root");
        let lease = network.lease(NetworkMode::Outbound).await;
        let lease = lease.expect("a lease").expect("a namespace");
        const SERVER_FAILURE: u8 = 2;
        for ask in [ask_by_datagram, ask_by_stream] {
            let answer = ask(lease.namespace(), network.endpoint_address()).expect("an answer");
            assert_eq!(answer[3] & 0xf, SERVER_FAILURE);
            assert_eq!(answer[..2], QUERY[..2]);
        }
    });
}
