// To come.

/** The page. */
export default function LogGroups() {
  return null;
}
