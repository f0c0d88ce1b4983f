// To come.

/** The page. */
export default function Sandboxes() {
  return null;
}
