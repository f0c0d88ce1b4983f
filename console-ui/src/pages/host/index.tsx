// To come.

/** The page. */
export default function Host() {
  return null;
}
