// To come.

/** The page. */
export default function Test() {
  return null;
}
