// To come.

/** The page. */
export default function Dashboard() {
  return null;
}
