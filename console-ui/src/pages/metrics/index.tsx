// To come.

/** The page. */
export default function Metrics() {
  return null;
}
