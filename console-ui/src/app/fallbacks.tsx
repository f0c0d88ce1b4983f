// What stands in for a page: an address that is none, and a page that broke.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useRouteError } from "react-router";
import { RouteButton } from "../components/route-link";
import { useMessages } from "../i18n/language";
import { Page } from "./page";

/** An address that names no page. */
export function NotFound() {
  const { app } = useMessages();
  return (
    <Page crumbs={[{ text: app.notFound, href: "/" }]}>
      <Box textAlign="center" padding="xxxl">
        <SpaceBetween size="m" alignItems="center">
          <Box variant="h1">{app.notFound}</Box>
          <Box color="text-body-secondary">{app.notFoundHelp}</Box>
          <RouteButton to="/functions">{app.toFunctions}</RouteButton>
        </SpaceBetween>
      </Box>
    </Page>
  );
}

/** A page that threw, or whose code could not be loaded (a server that was updated or is gone). */
export function Broken() {
  const { app } = useMessages();
  const error = useRouteError();
  return (
    <Box padding="l">
      <Alert
        type="error"
        header={app.crashed}
        action={<Button onClick={() => location.reload()}>{app.reload}</Button>}
      >
        <SpaceBetween size="xs">
          <Box>{app.crashedHelp}</Box>
          <Box variant="code">{error instanceof Error ? error.message : String(error)}</Box>
        </SpaceBetween>
      </Alert>
    </Box>
  );
}
