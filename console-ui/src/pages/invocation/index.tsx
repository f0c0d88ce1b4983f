// To come.

/** The page. */
export default function Invocation() {
  return null;
}
