// To come.

/** The page. */
export default function Configuration() {
  return null;
}
