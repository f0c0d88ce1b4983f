// Cloudscape's colours under the names that the log view's style sheet uses.
import * as tokens from "@cloudscape-design/design-tokens";
import type { CSSProperties } from "react";

/** Set on the outermost element of a log view. */
export const LOG_COLOURS = {
  "--log-ground": tokens.colorBackgroundContainerContent,
  "--log-head": tokens.colorBackgroundContainerHeader,
  "--log-rule": tokens.colorBorderDividerSecondary,
  "--log-edge": tokens.colorBorderDividerDefault,
  "--log-text": tokens.colorTextBodyDefault,
  "--log-quiet": tokens.colorTextBodySecondary,
  "--log-link": tokens.colorTextLinkDefault,
  "--log-hover": tokens.colorBackgroundDropdownItemHover,
  "--log-open": tokens.colorBackgroundCellShaded,
  "--log-focus": tokens.colorBorderItemFocused,
  "--log-error": tokens.colorTextStatusError,
  "--log-error-ground": tokens.colorBackgroundStatusError,
  "--log-warning": tokens.colorTextStatusWarning,
  "--log-warning-ground": tokens.colorBackgroundStatusWarning,
  "--log-mark": tokens.colorBackgroundDropdownItemFilterMatch,
  "--log-mark-text": tokens.colorTextDropdownItemFilterMatch,
  "--log-name": tokens.colorTextLinkHover,
  "--log-string": tokens.colorTextStatusSuccess,
} as CSSProperties;
