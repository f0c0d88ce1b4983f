// The rows of a log view: only those in sight exist. What is read stays in place while lines come and go at both ends.
import "./log-events.css";
import Button from "@cloudscape-design/components/button";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { useMessages } from "../../i18n/language";
import type { LogLine } from "../../log/line";
import { zoneName } from "../../log/time";
import { LOG_COLOURS } from "./colours";
import { LogCells, levelClass } from "./row";
import type { LogSettings } from "./settings";

const ROW_PX = 25;
const OVERSCAN = 12;
/** So near to the end, the reader is at the end. */
const END_PX = 30;

/** The list's parts. */
export interface LogListProps {
  readonly label: string;
  readonly lines: readonly LogLine[];
  readonly settings: LogSettings;
  readonly find: string;
  readonly hasStreams: boolean;
  /** The tallest it gets, as CSS. */
  readonly height: string;
  /** Above the oldest line, such as a way to older ones. */
  readonly before?: ReactNode;
  /** Below the newest line. */
  readonly after?: ReactNode;
}

/** The list. */
export function LogList({ label, lines, settings, find, hasStreams, height, before, after }: LogListProps) {
  const { logs } = useMessages();
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const onToggle = useCallback((id: string) => setOpen((open) => toggled(open, id)), []);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: useCallback((index: number) => lines[index]?.id ?? index, [lines]),
    overscan: OVERSCAN,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: END_PX,
    initialRect: { width: 800, height: 600 },
  });
  useLayoutEffect(() => virtualizer.scrollToEnd(), [virtualizer]);
  const isAtEnd = lines.length === 0 || virtualizer.isAtEnd(END_PX);
  const classes = ["log-view", ...(hasStreams ? ["log-view-streams"] : []), ...(settings.isWrapped ? ["log-wrap"] : [])];
  return (
    <div className={classes.join(" ")} style={LOG_COLOURS}>
      {before && <div className="log-edge-row">{before}</div>}
      <div role="table" aria-label={label} aria-rowcount={lines.length + 1}>
        <Head settings={settings} hasStreams={hasStreams} at={lines.at(-1)?.at} />
        <div ref={scroller} role="rowgroup" className="log-scroll" style={{ maxBlockSize: height }} tabIndex={0}>
          <div role="presentation" style={{ position: "relative", blockSize: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ key, index, start }) => {
              const line = lines[index];
              return (
                line && (
                  <div
                    key={key}
                    ref={virtualizer.measureElement}
                    data-index={index}
                    role="row"
                    aria-rowindex={index + 2}
                    className={`log-row ${levelClass(line)} ${open.has(line.id) ? "log-row-open" : ""}`}
                    style={{ transform: `translateY(${start}px)` }}
                  >
                    <LogCells
                      line={line}
                      isOpen={open.has(line.id)}
                      isWrapped={settings.isWrapped}
                      zone={settings.zone}
                      hasStreams={hasStreams}
                      find={find}
                      onToggle={onToggle}
                    />
                  </div>
                )
              );
            })}
          </div>
        </div>
      </div>
      {after && <div className="log-edge-row log-edge-row-last">{after}</div>}
      {!isAtEnd && (
        <div className="log-jump">
          <Button iconName="arrow-down" onClick={() => virtualizer.scrollToEnd()}>
            {logs.events.newest}
          </Button>
        </div>
      )}
    </div>
  );
}

function Head({ settings, hasStreams, at }: { settings: LogSettings; hasStreams: boolean; at: number | undefined }) {
  const { logs } = useMessages();
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className="log-head">
        <div role="columnheader">
          <span className="log-hidden">{logs.events.details}</span>
        </div>
        <div role="columnheader">
          <span className="log-date">{logs.events.time} </span>
          {zoneName(at ?? Date.now(), settings.zone)}
        </div>
        <div role="columnheader">{logs.events.message}</div>
        {hasStreams && (
          <div role="columnheader" className="log-stream">
            {logs.events.stream}
          </div>
        )}
      </div>
    </div>
  );
}

function toggled(open: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(open);
  if (!next.delete(id)) next.add(id);
  return next;
}
