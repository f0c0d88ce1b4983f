// To come.

/** The page. */
export default function Aliases() {
  return null;
}
