// To come.

/** The page. */
export default function LogGroup() {
  return null;
}
