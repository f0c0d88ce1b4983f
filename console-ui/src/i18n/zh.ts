// Simplified Chinese, loaded when it is chosen.
import type { Messages } from "./messages";
import { app } from "./zh/app";
import { chart } from "./zh/chart";
import { functions } from "./zh/functions";
import { dashboard } from "./zh/dashboard";
import { createFunction } from "./zh/create-function";
import { functionPage } from "./zh/function-page";
import { functionCode } from "./zh/function-code";
import { functionTest } from "./zh/function-test";
import { functionMonitor } from "./zh/function-monitor";
import { functionLogs } from "./zh/function-logs";
import { functionConfiguration } from "./zh/function-configuration";
import { functionVersions } from "./zh/function-versions";
import { functionAliases } from "./zh/function-aliases";
import { invocations } from "./zh/invocations";
import { invocation } from "./zh/invocation";
import { starts } from "./zh/starts";
import { metrics } from "./zh/metrics";
import { logs } from "./zh/logs";
import { insights } from "./zh/insights";
import { liveTail } from "./zh/live-tail";
import { sandboxes } from "./zh/sandboxes";
import { host } from "./zh/host";

export const zh: Messages = {
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
