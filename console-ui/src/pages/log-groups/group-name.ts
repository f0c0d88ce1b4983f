// Which names a log group can have: CreateLogGroup's rule.

/** True when AWS would take `name` for a log group. */
export function isGroupName(name: string): boolean {
  return /^[.\-_/#A-Za-z0-9]{1,512}$/.test(name) && !name.startsWith("aws/");
}
