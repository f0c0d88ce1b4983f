// To come.

/** The page. */
export default function Monitor() {
  return null;
}
