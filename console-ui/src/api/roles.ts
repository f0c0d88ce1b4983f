// Execution roles: those of the account, and the one that a new function gets.
import { AttachRolePolicyCommand, CreateRoleCommand, paginateListRoles, type Role } from "@aws-sdk/client-iam";
import { queryOptions } from "@tanstack/react-query";
import { iam } from "./iam";

const MOST_ROLES = 1_000;
const BASIC_POLICY = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
const TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** The account's roles, at most a thousand. */
export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: async ({ signal }) => {
    const found: Role[] = [];
    for await (const page of paginateListRoles({ client: iam() }, {})) {
      signal.throwIfAborted();
      found.push(...(page.Roles ?? []));
      if (found.length >= MOST_ROLES) break;
    }
    return found;
  },
});

/** Makes a role that Lambda may take on and that may write logs; answers its ARN. */
export async function createBasicRole(name: string, signal: AbortSignal): Promise<string> {
  const options = { abortSignal: signal };
  const created = await iam().send(
    new CreateRoleCommand({ RoleName: name, Path: "/service-role/", AssumeRolePolicyDocument: JSON.stringify(TRUST) }),
    options,
  );
  await iam().send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: BASIC_POLICY }), options);
  return created.Role?.Arn ?? "";
}
