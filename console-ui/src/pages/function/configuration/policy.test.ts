import { expect, test } from "vitest";
import { EMPTY_PERMISSION, permissionErrors, permissionOf, statementsOf } from "./policy";

test("a policy's statements are rows", () => {
  const policy = {
    Version: "2012-10-17",
    Id: "default",
    Statement: [
      {
        Sid: "s3",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "lambda:InvokeFunction",
        Resource: "arn:f",
        Condition: { StringEquals: { "AWS:SourceAccount": "111111111111" }, ArnLike: { "AWS:SourceArn": "arn:aws:s3:::b" } },
      },
      { Sid: "all", Principal: "*", Action: ["lambda:A", "lambda:B"] },
    ],
  };
  expect(statementsOf(JSON.stringify(policy))).toEqual([
    {
      id: "s3",
      principal: "s3.amazonaws.com",
      action: "lambda:InvokeFunction",
      conditions: ["AWS:SourceAccount StringEquals 111111111111", "AWS:SourceArn ArnLike arn:aws:s3:::b"],
    },
    { id: "all", principal: "*", action: "lambda:A, lambda:B", conditions: [] },
  ]);
  expect(statementsOf(undefined)).toEqual([]);
});

test("a permission is held to the model's patterns", () => {
  const errors = (typed: Partial<typeof EMPTY_PERMISSION>) => [...permissionErrors({ ...EMPTY_PERMISSION, ...typed }, ["taken"])];
  expect(errors({})).toEqual(["statementId", "principal"]);
  expect(errors({ statementId: "taken", principal: "s3.amazonaws.com" })).toEqual(["statementIdTaken"]);
  expect(errors({ statementId: "a", principal: "s3" })).toEqual(["principal"]);
  expect(errors({ statementId: "a", grantee: "account", principal: "111111111111" })).toEqual([]);
  expect(errors({ statementId: "a", grantee: "account", principal: "arn:aws:iam::111111111111:user/x" })).toEqual([]);
  expect(errors({ statementId: "a", grantee: "everyone", sourceArn: "s3", sourceAccount: "1", organization: "x" })).toEqual([
    "sourceArn",
    "sourceAccount",
    "organization",
  ]);
});

test("empty fields are not sent", () => {
  expect(permissionOf({ ...EMPTY_PERMISSION, statementId: " a ", grantee: "everyone", principal: "left over", sourceArn: "arn:aws:s3:::b" })).toEqual({
    StatementId: "a",
    Action: "lambda:InvokeFunction",
    Principal: "*",
    SourceArn: "arn:aws:s3:::b",
  });
});
