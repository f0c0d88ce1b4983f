// Links and buttons that lead to a route: real addresses (open in a new tab, copy), followed without loading the page again.
import Button, { type ButtonProps } from "@cloudscape-design/components/button";
import Link, { type LinkProps } from "@cloudscape-design/components/link";
import { useHref, useNavigate } from "react-router";

type To = { readonly to: string };

/** A link to a route, such as `/functions`. */
export function RouteLink({ to, ...rest }: LinkProps & To) {
  const href = useHref(to);
  const navigate = useNavigate();
  return (
    <Link
      {...rest}
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(to);
      }}
    />
  );
}

/** A button that leads to a route. */
export function RouteButton({ to, ...rest }: ButtonProps & To) {
  const href = useHref(to);
  const navigate = useNavigate();
  return (
    <Button
      {...rest}
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(to);
      }}
    />
  );
}
