// To come.

/** The page. */
export default function Code() {
  return null;
}
