// To come.

/** The page. */
export default function LiveTail() {
  return null;
}
