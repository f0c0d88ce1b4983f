// To come.

/** The page. */
export default function CreateFunction() {
  return null;
}
