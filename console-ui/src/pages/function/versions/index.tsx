// To come.

/** The page. */
export default function Versions() {
  return null;
}
