// The console's words: English is the shape that every language fills.
import { app } from "./en/app";
import { chart } from "./en/chart";
import { functions } from "./en/functions";
import { dashboard } from "./en/dashboard";
import { createFunction } from "./en/create-function";
import { functionPage } from "./en/function-page";
import { functionCode } from "./en/function-code";
import { functionTest } from "./en/function-test";
import { functionMonitor } from "./en/function-monitor";
import { functionLogs } from "./en/function-logs";
import { functionConfiguration } from "./en/function-configuration";
import { functionVersions } from "./en/function-versions";
import { functionAliases } from "./en/function-aliases";
import { invocations } from "./en/invocations";
import { invocation } from "./en/invocation";
import { starts } from "./en/starts";
import { metrics } from "./en/metrics";
import { logs } from "./en/logs";
import { insights } from "./en/insights";
import { liveTail } from "./en/live-tail";
import { sandboxes } from "./en/sandboxes";
import { host } from "./en/host";

export const en = {
  app,
  chart,
  functions,
  dashboard,
  createFunction,
  functionPage,
  functionCode,
  functionTest,
  functionMonitor,
  functionLogs,
  functionConfiguration,
  functionVersions,
  functionAliases,
  invocations,
  invocation,
  starts,
  metrics,
  logs,
  insights,
  liveTail,
  sandboxes,
  host,
};

/** Every string of the console, by page. */
export type Messages = typeof en;
