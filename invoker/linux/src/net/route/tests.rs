//! What is sent, byte by byte, and what the kernel makes of it.

use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;

use super::*;
use crate::net::namespace::{NetworkNamespace, within};

const LEFT: [u8; 6] = [2, 0, 0, 0, 0, 1];
const RIGHT: [u8; 6] = [2, 0, 0, 0, 0, 2];

fn net(text: &str) -> Ipv4Net {
    text.parse().expect("a network")
}

#[test]
#[cfg(target_endian = "little")]
fn a_default_route_is_laid_out_as_the_kernel_wants_it() {
    let request = route(
        2,
        &Route {
            destination: net("0.0.0.0/0"),
            next_hop: Some(Ipv4Addr::new(169, 254, 0, 1)),
            source: Ipv4Addr::new(169, 254, 0, 9),
        },
    );
    let mut bytes = Vec::new();
    request.encode(1, &mut bytes);
    let golden: &[u8] = &[
        60, 0, 0, 0, 24, 0, 1, 6, 1, 0, 0, 0, 0, 0, 0, 0, // header
        2, 0, 0, 0, 254, 4, 0, 1, 4, 0, 0,
        0, // an internet route in the main table, on the link
        8, 0, 1, 0, 0, 0, 0, 0, // to everywhere
        8, 0, 4, 0, 2, 0, 0, 0, // by the link
        8, 0, 7, 0, 169, 254, 0, 9, // from
        8, 0, 5, 0, 169, 254, 0, 1, // over
    ];
    assert_eq!(bytes, golden);
}

#[test]
fn two_namespaces_reach_each_other_over_a_pair() {
    let (left, left_socket) = NetworkNamespace::create(RouteSocket::open).expect("root");
    let (right, right_socket) = NetworkNamespace::create(RouteSocket::open).expect("root");
    let (here, there) = (
        LinkEnd {
            name: "left",
            hardware_address: LEFT,
            index: 7,
        },
        LinkEnd {
            name: "right",
            hardware_address: RIGHT,
            index: 9,
        },
    );
    left_socket
        .create_pair(&here, &there, right.as_fd())
        .expect("pair");
    let again = left_socket
        .create_pair(&here, &there, right.as_fd())
        .expect_err("the name is taken");
    assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(left_socket.index_of("left").expect("list"), Some(7));
    assert_eq!(left_socket.index_of("right").expect("list"), None);
    left_socket
        .configure(
            7,
            Configuration {
                addresses: &[net("10.0.0.1/30")],
                ..Configuration::default()
            },
        )
        .expect("address");
    right_socket
        .configure(
            9,
            Configuration {
                addresses: &[net("10.0.0.2/32")],
                neighbours: &[Neighbour {
                    address: Ipv4Addr::new(10, 0, 0, 1),
                    hardware_address: LEFT,
                }],
                routes: &[Route {
                    destination: net("0.0.0.0/0"),
                    next_hop: Some(Ipv4Addr::new(10, 0, 0, 1)),
                    source: Ipv4Addr::new(10, 0, 0, 2),
                }],
            },
        )
        .expect("address, neighbour and route");
    let known = left_socket.known_networks().expect("list");
    assert!(
        known
            .iter()
            .any(|known| known.contains(&net("10.0.0.0/30")))
    );
    let known = right_socket.known_networks().expect("list");
    assert!(
        !known.contains(&net("0.0.0.0/0")),
        "the default is none: {known:?}"
    );

    let listener = within(&left, || TcpListener::bind("10.0.0.1:80")).expect("bind");
    within(&right, || TcpStream::connect("10.0.0.1:80")).expect("connect");
    listener.accept().expect("accept");

    assert!(left_socket.delete("left").expect("delete"));
    assert!(!left_socket.delete("left").expect("delete"), "it is gone");
    assert_eq!(right_socket.index_of("right").expect("list"), None);
}
