// Every page and its address, below /console. Pages load when they are first opened.
import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { Broken, NotFound } from "./app/fallbacks";
import { Shell } from "./app/shell";

const page = (load: () => Promise<{ default: React.ComponentType }>): RouteObject["lazy"] =>
  async () => ({ Component: (await load()).default });

/** The pages. gateway/src/console.rs knows the first segment of each. */
export const routes: RouteObject[] = [
  {
    path: "/",
    element: <Shell />,
    errorElement: <Broken />,
    HydrateFallback: () => null,
    children: [
      {
        errorElement: <Broken />,
        children: [
          { index: true, element: <Navigate to="/functions" replace /> },
          { path: "dashboard", lazy: page(() => import("./pages/dashboard")) },
          { path: "functions", lazy: page(() => import("./pages/functions")) },
          { path: "functions/create", lazy: page(() => import("./pages/create-function")) },
          {
            path: "functions/:name",
            lazy: page(() => import("./pages/function")),
            children: [
              { index: true, element: <Navigate to="code" replace /> },
              { path: "code", lazy: page(() => import("./pages/function/code")) },
              { path: "test", lazy: page(() => import("./pages/function/test")) },
              { path: "monitor", lazy: page(() => import("./pages/function/monitor")) },
              { path: "logs", lazy: page(() => import("./pages/function/logs")) },
              { path: "configuration", lazy: page(() => import("./pages/function/configuration")) },
              { path: "versions", lazy: page(() => import("./pages/function/versions")) },
              { path: "aliases", lazy: page(() => import("./pages/function/aliases")) },
            ],
          },
          { path: "invocations", lazy: page(() => import("./pages/invocations")) },
          { path: "invocations/:requestId", lazy: page(() => import("./pages/invocation")) },
          { path: "metrics", lazy: page(() => import("./pages/metrics")) },
          { path: "logs", element: <Navigate to="/logs/groups" replace /> },
          { path: "logs/groups", lazy: page(() => import("./pages/log-groups")) },
          { path: "logs/groups/:group", lazy: page(() => import("./pages/log-group")) },
          { path: "logs/groups/:group/streams/:stream", lazy: page(() => import("./pages/log-stream")) },
          { path: "logs/insights", lazy: page(() => import("./pages/insights")) },
          { path: "logs/live-tail", lazy: page(() => import("./pages/live-tail")) },
          { path: "sandboxes", lazy: page(() => import("./pages/sandboxes")) },
          { path: "host", lazy: page(() => import("./pages/host")) },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
];

/** The router of this page load. */
export function makeRouter() {
  return createBrowserRouter(routes, { basename: "/console" });
}
