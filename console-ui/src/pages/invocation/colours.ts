// Cloudscape's colours under the names that this page's style sheet uses.
import * as tokens from "@cloudscape-design/design-tokens";
import type { CSSProperties } from "react";

/** Set around what the style sheet draws. */
export const COLOURS = {
  "--invocation-ground": tokens.colorBackgroundCellShaded,
  "--invocation-rule": tokens.colorBorderDividerDefault,
  "--invocation-quiet": tokens.colorTextBodySecondary,
  "--invocation-link": tokens.colorTextLinkDefault,
  "--invocation-queue": tokens.colorChartsPaletteCategorical5,
  "--invocation-start": tokens.colorChartsPaletteCategorical4,
  "--invocation-init": tokens.colorChartsPaletteCategorical3,
  "--invocation-invoke": tokens.colorChartsPaletteCategorical1,
  "--invocation-other": tokens.colorChartsPaletteCategorical2,
} as CSSProperties;
