// To come.

/** The page. */
export default function LogStream() {
  return null;
}
