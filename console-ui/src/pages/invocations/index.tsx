// To come.

/** The page. */
export default function Invocations() {
  return null;
}
