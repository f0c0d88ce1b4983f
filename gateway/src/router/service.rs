//! The services behind the one port: each with its model, its dialect, and the operations that hearth answers.

use std::sync::LazyLock;

use crate::api::{Call, Reply, Services, identity, lambda, logs, metrics};
use crate::protocol::AwsError;
use crate::protocol::constraint::Dialect;
use crate::protocol::model::Model;

/// A service that hearth speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// AWS Lambda.
    Lambda,
    /// CloudWatch Logs.
    Logs,
    /// CloudWatch's metrics.
    CloudWatch,
    /// Identity and Access Management.
    Iam,
    /// Security Token Service.
    Sts,
}

/// Every service.
pub const ALL: [Service; 5] = [
    Service::Lambda,
    Service::Logs,
    Service::CloudWatch,
    Service::Iam,
    Service::Sts,
];

static LAMBDA: LazyLock<Model> =
    LazyLock::new(|| embedded(include_str!("../../models/lambda.json")));
static LOGS: LazyLock<Model> = LazyLock::new(|| embedded(include_str!("../../models/logs.json")));
static CLOUDWATCH: LazyLock<Model> =
    LazyLock::new(|| embedded(include_str!("../../models/cloudwatch.json")));
static IAM: LazyLock<Model> = LazyLock::new(|| embedded(include_str!("../../models/iam.json")));
static STS: LazyLock<Model> = LazyLock::new(|| embedded(include_str!("../../models/sts.json")));

fn embedded(json: &str) -> Model {
    Model::parse(json).expect("the embedded models are held by the protocol layer's tests")
}

impl Service {
    /// Its model, read when it is first asked for.
    pub fn model(self) -> &'static Model {
        match self {
            Self::Lambda => &LAMBDA,
            Self::Logs => &LOGS,
            Self::CloudWatch => &CLOUDWATCH,
            Self::Iam => &IAM,
            Self::Sts => &STS,
        }
    }

    /// The service that a signature's scope names.
    pub fn signed_as(name: &str) -> Option<Self> {
        Some(match name {
            "lambda" => Self::Lambda,
            "logs" => Self::Logs,
            "monitoring" => Self::CloudWatch,
            "iam" => Self::Iam,
            "sts" => Self::Sts,
            _ => return None,
        })
    }

    /// How it says that a request is outside its model.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Lambda => Dialect {
                code: "ValidationException",
                // Lambda tells an unknown runtime from a retired one, in words of its own.
                open_enums: &["Runtime"],
            },
            Self::Logs => Dialect {
                code: "InvalidParameterException",
                open_enums: &[],
            },
            Self::CloudWatch | Self::Iam | Self::Sts => Dialect {
                code: "ValidationError",
                open_enums: &[],
            },
        }
    }
}

/// An operation that hearth answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Of Lambda.
    Lambda(lambda::Operation),
    /// Of CloudWatch Logs.
    Logs(logs::Operation),
    /// Of CloudWatch.
    CloudWatch(metrics::Operation),
    /// Of IAM.
    Iam(identity::iam::Operation),
    /// Of STS.
    Sts(identity::sts::Operation),
}

impl Operation {
    /// The operation with this name in the service's model.
    pub fn named(service: Service, name: &str) -> Option<Self> {
        match service {
            Service::Lambda => lambda::Operation::named(name).map(Self::Lambda),
            Service::Logs => logs::Operation::named(name).map(Self::Logs),
            Service::CloudWatch => metrics::Operation::named(name).map(Self::CloudWatch),
            Service::Iam => identity::iam::Operation::named(name).map(Self::Iam),
            Service::Sts => identity::sts::Operation::named(name).map(Self::Sts),
        }
    }

    /// Whether a client that hangs up may end it midway: only Invoke, whose run has a task of its own.
    pub fn is_cancel_safe(self) -> bool {
        matches!(self, Self::Lambda(lambda::Operation::Invoke))
    }

    /// Answers a call.
    ///
    /// # Errors
    /// The operation's own, in AWS's codes.
    pub async fn handle(self, call: Call, services: &Services) -> Result<Reply, AwsError> {
        match self {
            Self::Lambda(operation) => operation.handle(call, services).await,
            Self::Logs(operation) => operation.handle(call, services).await,
            Self::CloudWatch(operation) => operation.handle(call, services).await,
            Self::Iam(operation) => operation.handle(call, services).await,
            Self::Sts(operation) => operation.handle(call, services).await,
        }
    }
}
