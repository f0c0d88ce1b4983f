// To come.

/** The page. */
export default function Logs() {
  return null;
}
