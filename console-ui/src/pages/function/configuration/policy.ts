// A resource-based policy as its table shows it, and a permission as it is typed. Pure.
import type { AddPermissionCommandInput } from "@aws-sdk/client-lambda";

/** A row of the table. */
export interface Statement {
  readonly id: string;
  readonly principal: string;
  readonly action: string;
  /** Such as `AWS:SourceArn ArnLike arn:aws:s3:::bucket`. */
  readonly conditions: readonly string[];
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const textsOf = (value: Json | undefined): readonly string[] =>
  value === undefined || value === null
    ? []
    : typeof value === "object"
      ? Object.values(value).flatMap((inner: Json) => textsOf(inner))
      : [String(value)];

/** The statements of a policy's JSON text; none when there is no policy. */
export function statementsOf(text: string | undefined): readonly Statement[] {
  if (!text) return [];
  const { Statement = [] } = JSON.parse(text) as { Statement?: ReadonlyArray<Record<string, Json>> };
  return Statement.map((statement) => ({
    id: textsOf(statement.Sid)[0] ?? "",
    principal: textsOf(statement.Principal).join(", "),
    action: textsOf(statement.Action).join(", "),
    conditions: Object.entries((statement.Condition ?? {}) as Record<string, Record<string, Json>>).flatMap(
      ([operator, keys]) => Object.entries(keys).map(([key, value]) => `${key} ${operator} ${textsOf(value).join(", ")}`),
    ),
  }));
}

/** Whom a permission is for. */
export type Grantee = "service" | "account" | "everyone";

/** A permission as it is typed. */
export interface PermissionDraft {
  readonly grantee: Grantee;
  readonly statementId: string;
  readonly principal: string;
  readonly action: string;
  readonly sourceArn: string;
  readonly sourceAccount: string;
  readonly organization: string;
}

/** A field of the form. */
export type PermissionField = "statementId" | "statementIdTaken" | "principal" | "sourceArn" | "sourceAccount" | "organization";

/** The actions that AWS offers to grant. */
export const ACTIONS = [
  "lambda:InvokeFunction",
  "lambda:GetFunction",
  "lambda:GetFunctionConfiguration",
  "lambda:ListVersionsByFunction",
  "lambda:ListAliases",
  "lambda:UpdateFunctionCode",
  "lambda:UpdateFunctionConfiguration",
  "lambda:PublishVersion",
  "lambda:DeleteFunction",
  "lambda:*",
] as const;

/** Services that invoke functions. */
export const SERVICES = [
  "apigateway.amazonaws.com",
  "cognito-idp.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  "events.amazonaws.com",
  "iot.amazonaws.com",
  "lex.amazonaws.com",
  "logs.amazonaws.com",
  "s3.amazonaws.com",
  "scheduler.amazonaws.com",
  "secretsmanager.amazonaws.com",
  "ses.amazonaws.com",
  "sns.amazonaws.com",
] as const;

/** A permission that nothing was typed into. */
export const EMPTY_PERMISSION: PermissionDraft = {
  grantee: "service",
  statementId: "",
  principal: "",
  action: ACTIONS[0],
  sourceArn: "",
  sourceAccount: "",
  organization: "",
};

const STATEMENT_ID = /^[a-zA-Z0-9-_]{1,100}$/;
const ACCOUNT = /^\d{12}$/;
const ARN = /^arn:(aws[a-zA-Z0-9-]*):[a-zA-Z0-9-]+:([a-z]{2}(-gov)?-[a-z]+-\d)?:(\d{12})?:.*$/;
const PRINCIPAL_ARN = /^arn:\S+$/;
const SERVICE = /^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$/;
const ORGANIZATION = /^o-[a-z0-9]{10,32}$/;

/** The fields that cannot be saved as they are. `taken` are the ids that the policy has. */
export function permissionErrors(draft: PermissionDraft, taken: readonly string[]): ReadonlySet<PermissionField> {
  const wrong = new Set<PermissionField>();
  const isWrong = (text: string, right: RegExp) => text.trim() !== "" && !right.test(text.trim());
  const principal = draft.principal.trim();
  if (!STATEMENT_ID.test(draft.statementId.trim())) wrong.add("statementId");
  if (taken.includes(draft.statementId.trim())) wrong.add("statementIdTaken");
  if (draft.grantee === "service" && !SERVICE.test(principal)) wrong.add("principal");
  if (draft.grantee === "account" && !ACCOUNT.test(principal) && !PRINCIPAL_ARN.test(principal)) wrong.add("principal");
  if (isWrong(draft.sourceArn, ARN)) wrong.add("sourceArn");
  if (isWrong(draft.sourceAccount, ACCOUNT)) wrong.add("sourceAccount");
  if (isWrong(draft.organization, ORGANIZATION)) wrong.add("organization");
  return wrong;
}

/** What AddPermission is asked for. */
export function permissionOf(draft: PermissionDraft): Omit<AddPermissionCommandInput, "FunctionName"> {
  const given = (member: string, text: string) => (text.trim() === "" ? {} : { [member]: text.trim() });
  return {
    StatementId: draft.statementId.trim(),
    Action: draft.action,
    Principal: draft.grantee === "everyone" ? "*" : draft.principal.trim(),
    ...given("SourceArn", draft.sourceArn),
    ...given("SourceAccount", draft.sourceAccount),
    ...given("PrincipalOrgID", draft.organization),
  };
}
