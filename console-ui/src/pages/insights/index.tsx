// To come.

/** The page. */
export default function Insights() {
  return null;
}
